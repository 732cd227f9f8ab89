/// Functions of numbers, and along axes, that an Eigen program carries in its namespace `detail`.
extension Helper {
  static let eigenLogOfDeterminant = Helper(
    name: "detail::log_determinant",
    source: """
      // The logarithm of a determinant; NaN where that is negative.
      inline double log_determinant(const Eigen::PartialPivLU<Eigen::MatrixXd>& lu) {
        const Eigen::ArrayXd diagonal = lu.matrixLU().diagonal();
        const double sign =
            static_cast<double>(lu.permutationP().determinant()) * diagonal.sign().prod();
        return sign < 0 ? std::nan("") : diagonal.abs().log().sum();
      }
      """)

  static let eigenSigmoid = Helper(
    name: "detail::sigmoid",
    source: """
      inline double sigmoid(double t) {
        const double e = std::exp(-std::abs(t));
        return (t < 0 ? e : 1.0) / (1.0 + e);
      }
      """)

  static let eigenSoftplus = Helper(
    name: "detail::softplus",
    source: """
      // log(1 + exp(t)) without overflow.
      inline double softplus(double t) {
        return std::max(t, 0.0) + std::log1p(std::exp(-std::abs(t)));
      }
      """)

  static let eigenDigamma = Helper(
    name: "detail::digamma",
    source: """
      // Recurrence and asymptotic series (Abramowitz & Stegun 6.3.18), reflection below zero.
      inline double digamma(double t) {
        if (t <= 0) return digamma(1 - t) - EIGEN_PI / std::tan(EIGEN_PI * t);
        double sum = 0;
        for (; t < 10; t += 1) sum -= 1 / t;
        const double s = 1 / (t * t);
        return sum + std::log(t) - 0.5 / t
          - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))));
      }
      """)

  static let eigenPolygamma = Helper(
    name: "detail::polygamma",
    source: """
      // Recurrence and asymptotic series (Abramowitz & Stegun 6.4.11) for k >= 1 and t > 0.
      inline double polygamma(int k, double t) {
        double shifted = 0;
        for (; t < 20; t += 1) shifted += std::pow(t, -k - 1);
        const double bernoulli[] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66,
          -691.0 / 2730, 7.0 / 6};
        double sum = std::tgamma(k) * std::pow(t, -k) + std::tgamma(k + 1) * std::pow(t, -k - 1) / 2;
        for (int j = 1; j <= 7; ++j) {
          sum += bernoulli[j - 1] * std::tgamma(2 * j + k) / std::tgamma(2 * j + 1)
            * std::pow(t, -2 * j - k);
        }
        return (k % 2 ? 1 : -1) * (sum + std::tgamma(k + 1) * shifted);
      }
      """)

  static let eigenLogSumExp = Helper(
    name: "detail::logsumexp",
    source: """
      // Over the rows (axis 1), the columns (axis 2) or all entries (axis 0), without overflow.
      inline Eigen::MatrixXd logsumexp(const Eigen::MatrixXd& x, int axis) {
        if (axis == 2) return logsumexp(x.transpose(), 1).transpose();
        if (axis == 0) return logsumexp(x.reshaped(), 1);
        const Eigen::RowVectorXd largest = x.colwise().maxCoeff();
        return largest
          + (x.rowwise() - largest).array().exp().colwise().sum().log().matrix();
      }
      """)

  static let eigenLogSoftmax = Helper(
    name: "detail::logsoftmax",
    source: """
      inline Eigen::MatrixXd logsoftmax(const Eigen::MatrixXd& x, int axis) {
        const Eigen::MatrixXd s = logsumexp(x, axis);
        return x - (axis == 1 ? s.replicate(x.rows(), 1) : s.replicate(1, x.cols()));
      }
      """)

  static let eigenSoftmax = Helper(
    name: "detail::softmax",
    source: """
      inline Eigen::MatrixXd softmax(const Eigen::MatrixXd& x, int axis) {
        const Eigen::MatrixXd s = logsumexp(x, axis);
        return (x - (axis == 1 ? s.replicate(x.rows(), 1) : s.replicate(1, x.cols())))
          .array().exp();
      }
      """)
}
