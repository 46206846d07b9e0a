"""Official papers: numbered without gaps, frozen when issued, shown as they were issued."""
