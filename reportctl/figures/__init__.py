"""What the answers come to: totals, comparisons, plan, tables, exports, the cells behind each."""
