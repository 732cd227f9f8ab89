/// Matrices made of others that an Eigen program carries in its namespace `detail`.
extension Helper {
  static let eigenBlocks = Helper(
    name: "detail::blocks",
    source: """
      template <typename Scalar>
      MatrixX<Scalar> blocks(const std::vector<std::vector<MatrixX<Scalar>>>& rows) {
        Eigen::Index height = 0, width = 0;
        for (const auto& row : rows) height += row[0].rows();
        for (const auto& block : rows[0]) width += block.cols();
        MatrixX<Scalar> result(height, width);
        Eigen::Index top = 0;
        for (const auto& row : rows) {
          Eigen::Index left = 0;
          for (const auto& block : row) {
            result.block(top, left, block.rows(), block.cols()) = block;
            left += block.cols();
          }
          top += row[0].rows();
        }
        return result;
      }
      """)

  static let eigenKronecker = Helper(
    name: "detail::kron",
    source: """
      template <typename Scalar>
      MatrixX<Scalar> kron(const MatrixX<Scalar>& a, const MatrixX<Scalar>& b) {
        MatrixX<Scalar> result(a.rows() * b.rows(), a.cols() * b.cols());
        for (Eigen::Index i = 0; i < a.rows(); ++i)
          for (Eigen::Index j = 0; j < a.cols(); ++j)
            result.block(i * b.rows(), j * b.cols(), b.rows(), b.cols()) = a(i, j) * b;
        return result;
      }
      """)

  static let eigenKhatriRao = Helper(
    name: "detail::khatri_rao",
    source: """
      // The Kronecker product column by column.
      template <typename Scalar>
      MatrixX<Scalar> khatri_rao(const MatrixX<Scalar>& a, const MatrixX<Scalar>& b) {
        MatrixX<Scalar> result(a.rows() * b.rows(), a.cols());
        for (Eigen::Index j = 0; j < a.cols(); ++j)
          result.col(j) = kron<Scalar>(a.col(j), b.col(j));
        return result;
      }
      """)

  static let eigenHalf = Helper(
    name: "detail::vech",
    source: """
      // The lower triangle, column by column.
      template <typename Scalar>
      MatrixX<Scalar> vech(const MatrixX<Scalar>& x) {
        const Eigen::Index n = x.rows();
        MatrixX<Scalar> result(n * (n + 1) / 2, 1);
        for (Eigen::Index j = 0, k = 0; j < n; k += n - j, ++j)
          result.block(k, 0, n - j, 1) = x.block(j, j, n - j, 1);
        return result;
      }
      """)

  static let eigenHalfTriangle = Helper(
    name: "detail::halftril",
    source: """
      // The lower triangle with half the diagonal.
      template <typename Scalar>
      MatrixX<Scalar> halftril(const MatrixX<Scalar>& x) {
        MatrixX<Scalar> result = x.template triangularView<Eigen::Lower>();
        result.diagonal() /= 2;
        return result;
      }
      """)

  static let eigenCommutation = Helper(
    name: "detail::commutation",
    source: """
      // The permutation K with K * vec(X) = vec(X') for X of size m x n.
      template <typename Scalar>
      MatrixX<Scalar> commutation(Eigen::Index m, Eigen::Index n) {
        MatrixX<Scalar> k = MatrixX<Scalar>::Zero(m * n, m * n);
        for (Eigen::Index i = 0; i < m; ++i)
          for (Eigen::Index j = 0; j < n; ++j) k(i * n + j, j * m + i) = 1;
        return k;
      }
      """)

  static let eigenDuplication = Helper(
    name: "detail::duplication",
    source: """
      // The matrix with D * vech(S) = vec(S) for symmetric S.
      template <typename Scalar>
      MatrixX<Scalar> duplication(Eigen::Index n) {
        MatrixX<Scalar> d = MatrixX<Scalar>::Zero(n * n, n * (n + 1) / 2);
        for (Eigen::Index j = 0, k = 0; j < n; ++j)
          for (Eigen::Index i = j; i < n; ++i, ++k) d(j * n + i, k) = d(i * n + j, k) = 1;
        return d;
      }
      """)
}
