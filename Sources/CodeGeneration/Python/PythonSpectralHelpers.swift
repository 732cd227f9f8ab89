/// The matrices between the values of a spectrum, of columns with two axes.
extension Helper {
  static func pythonReciprocalGaps(_ module: String) -> Helper {
    Helper(
      name: "_reciprocal_gaps",
      source: """
        def _reciprocal_gaps(l):
            \"""1/(l_j - l_i) off the diagonal and 0 on it.\"""
            gaps = l.T - l
            ones = \(module).ones_like(gaps)
            return \(module).where(gaps == 0, 0 * ones, 1 / \(module).where(gaps == 0, ones, gaps))
        """)
  }

  static func pythonDividedDifferences(_ module: String) -> Helper {
    Helper(
      name: "_divided_differences",
      source: """
        def _divided_differences(l, f, d):
            \"""(f_i - f_j)/(l_i - l_j), the mean slope where rounding leaves no more.\"""
            gaps, rise, mean = l - l.T, f - f.T, (d + d.T) / 2
            rounding = 8.9e-16 * (abs(f) + abs(f).T)
            flat = (gaps == 0) | (abs(rise - mean * gaps) <= rounding)
            return \(module).where(flat, mean, rise / \(module).where(flat, \(module).ones_like(gaps), gaps))
        """)
  }
}
