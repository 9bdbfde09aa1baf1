"""Taking in the incidents of another tool, seen before it is done."""
