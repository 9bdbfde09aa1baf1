"""The ninth schema: when a review is due and was held, and when a survey was answered.

domain.md, Incident record: the instants it keeps.
"""

STATEMENTS = (
    "ALTER TABLE incident_detail ADD COLUMN review_due_at INTEGER",
    "ALTER TABLE incident_detail ADD COLUMN review_done_at INTEGER",
    "ALTER TABLE incident_detail ADD COLUMN survey_answered_at INTEGER",
)
