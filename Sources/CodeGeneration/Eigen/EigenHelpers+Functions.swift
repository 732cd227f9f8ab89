/// Functions of numbers, and along axes, that an Eigen program carries in its namespace `detail`.
extension Helper {
  static let eigenLogOfDeterminant = Helper(
    name: "detail::log_determinant",
    source: """
      // The logarithm of a determinant; NaN where that is negative.
      template <typename Scalar>
      Scalar log_determinant(const Eigen::PartialPivLU<MatrixX<Scalar>>& lu) {
        const Eigen::ArrayX<Scalar> diagonal = lu.matrixLU().diagonal();
        const Scalar sign =
            static_cast<Scalar>(lu.permutationP().determinant()) * diagonal.sign().prod();
        return sign < 0 ? std::numeric_limits<Scalar>::quiet_NaN() : diagonal.abs().log().sum();
      }
      """)

  static let eigenSigmoid = Helper(
    name: "detail::sigmoid",
    source: """
      template <typename Scalar>
      Scalar sigmoid(Scalar t) {
        const Scalar e = std::exp(-std::abs(t));
        return (t < 0 ? e : Scalar(1)) / (1 + e);
      }
      """)

  static let eigenSoftplus = Helper(
    name: "detail::softplus",
    source: """
      // log(1 + exp(t)) without overflow.
      template <typename Scalar>
      Scalar softplus(Scalar t) {
        return std::max(t, Scalar(0)) + std::log1p(std::exp(-std::abs(t)));
      }
      """)

  static let eigenDigamma = Helper(
    name: "detail::digamma",
    source: """
      // Recurrence and asymptotic series (Abramowitz & Stegun 6.3.18), reflection below zero.
      template <typename Scalar>
      Scalar digamma(Scalar t) {
        const Scalar pi(EIGEN_PI);
        if (t <= 0) return digamma<Scalar>(1 - t) - pi / std::tan(pi * t);
        Scalar sum = 0;
        for (; t < 10; t += 1) sum -= 1 / t;
        const Scalar s = 1 / (t * t);
        return sum + std::log(t) - 1 / (2 * t)
          - s * (1 / Scalar(12) - s * (1 / Scalar(120)
            - s * (1 / Scalar(252) - s * (1 / Scalar(240) - s / 132))));
      }
      """)

  static let eigenPolygamma = Helper(
    name: "detail::polygamma",
    source: """
      // Recurrence and asymptotic series (Abramowitz & Stegun 6.4.11) for k >= 1 and t > 0.
      template <typename Scalar>
      Scalar polygamma(int k, Scalar t) {
        Scalar shifted = 0;
        for (; t < 20; t += 1) shifted += std::pow(t, Scalar(-k - 1));
        const Scalar bernoulli[] = {Scalar(1) / 6, Scalar(-1) / 30, Scalar(1) / 42,
          Scalar(-1) / 30, Scalar(5) / 66, Scalar(-691) / 2730, Scalar(7) / 6};
        const auto factorial = [](int n) { return std::tgamma(Scalar(n + 1)); };
        const Scalar power = std::pow(t, Scalar(-k));
        Scalar sum = factorial(k - 1) * power + factorial(k) * power / (2 * t);
        for (int j = 1; j <= 7; ++j) {
          sum += bernoulli[j - 1] * factorial(2 * j + k - 1) / factorial(2 * j)
            * std::pow(t, Scalar(-2 * j - k));
        }
        return (k % 2 ? 1 : -1) * (sum + factorial(k) * shifted);
      }
      """)

  static let eigenLogSumExp = Helper(
    name: "detail::logsumexp",
    source: """
      // Over the rows (axis 1), the columns (axis 2) or all entries (axis 0), without overflow.
      template <typename Scalar>
      MatrixX<Scalar> logsumexp(const MatrixX<Scalar>& x, int axis) {
        if (axis == 2) return logsumexp<Scalar>(x.transpose(), 1).transpose();
        if (axis == 0) return logsumexp<Scalar>(x.reshaped(), 1);
        const RowVectorX<Scalar> largest = x.colwise().maxCoeff();
        return largest
          + (x.rowwise() - largest).array().exp().colwise().sum().log().matrix();
      }
      """)

  static let eigenLogSoftmax = Helper(
    name: "detail::logsoftmax",
    source: """
      template <typename Scalar>
      MatrixX<Scalar> logsoftmax(const MatrixX<Scalar>& x, int axis) {
        const MatrixX<Scalar> s = logsumexp<Scalar>(x, axis);
        return x - (axis == 1 ? s.replicate(x.rows(), 1) : s.replicate(1, x.cols()));
      }
      """)

  static let eigenSoftmax = Helper(
    name: "detail::softmax",
    source: """
      template <typename Scalar>
      MatrixX<Scalar> softmax(const MatrixX<Scalar>& x, int axis) {
        const MatrixX<Scalar> s = logsumexp<Scalar>(x, axis);
        return (x - (axis == 1 ? s.replicate(x.rows(), 1) : s.replicate(1, x.cols())))
          .array().exp();
      }
      """)
}
