"""Units 实有单位: firms, shops, social organisations, schools, small fire-risk sites 九小场所; their checks."""
