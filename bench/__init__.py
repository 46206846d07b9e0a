"""Programs that measure; each prints ratios of one run and keeps them in bench/results."""
