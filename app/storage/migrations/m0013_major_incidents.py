"""The thirteenth schema: the room of a major incident, its review, and what is to be followed up.

Status updates and follow-ups are read from the journal itself; the index finds the follow-ups of
all incidents at once.
"""

STATEMENTS = (
    *(
        f"ALTER TABLE incident_detail ADD COLUMN {column}"
        for column in (
            *("major_reason TEXT", "stood_down_at INTEGER", "stand_down_reason TEXT"),
            *("communications_lead BLOB", "technical_lead BLOB", "scribe BLOB"),
            *("update_every_s INTEGER", "next_update_at INTEGER"),
            *("five_whys TEXT", "went_well TEXT", "went_badly TEXT"),
        )
    ),
    "CREATE INDEX change_follow_up ON change(root) WHERE kind = 'follow_up'",
    "CREATE INDEX incident_major ON incident(status) WHERE major = 1 AND deleted = 0",
)
