"""The first minute: where the incidents are kept, who is here, and three hints (ux.md 7)."""
