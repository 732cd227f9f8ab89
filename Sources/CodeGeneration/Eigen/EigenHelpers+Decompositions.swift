/// Decompositions that an Eigen program carries in its namespace `detail`.
extension Helper {
  static let eigenReciprocalGaps = Helper(
    name: "detail::reciprocal_gaps",
    source: """
      // 1/(l_j - l_i) off the diagonal and 0 on it.
      template <typename Scalar>
      MatrixX<Scalar> reciprocal_gaps(const MatrixX<Scalar>& l) {
        const Eigen::Index n = l.size();
        MatrixX<Scalar> result = MatrixX<Scalar>::Zero(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
          for (Eigen::Index i = 0; i < n; ++i)
            if (l(i) != l(j)) result(i, j) = 1 / (l(j) - l(i));
        return result;
      }
      """)

  static let eigenReciprocalSums = Helper(
    name: "detail::reciprocal_sums",
    source: """
      // 1/(l_i + l_j).
      template <typename Scalar>
      MatrixX<Scalar> reciprocal_sums(const MatrixX<Scalar>& l) {
        const Eigen::Index n = l.size();
        MatrixX<Scalar> result(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
          for (Eigen::Index i = 0; i < n; ++i) result(i, j) = 1 / (l(i) + l(j));
        return result;
      }
      """)

  static let eigenDividedDifferences = Helper(
    name: "detail::divided_differences",
    source: """
      // (f_i - f_j)/(l_i - l_j), the mean slope where rounding leaves no more.
      template <typename Scalar>
      MatrixX<Scalar> divided_differences(
          const MatrixX<Scalar>& l, const MatrixX<Scalar>& f, const MatrixX<Scalar>& d) {
        const Eigen::Index n = l.size();
        MatrixX<Scalar> result(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
          for (Eigen::Index i = 0; i < n; ++i) {
            const Scalar gap = l(i) - l(j), rise = f(i) - f(j), mean = (d(i) + d(j)) / 2;
            const Scalar rounding =
              4 * Eigen::NumTraits<Scalar>::epsilon() * (std::abs(f(i)) + std::abs(f(j)));
            const bool flat = gap == 0 || std::abs(rise - mean * gap) <= rounding;
            result(i, j) = flat ? mean : rise / gap;
          }
        return result;
      }
      """)

  static let eigenAdjugate = Helper(
    name: "detail::adjugate",
    source: """
      // The transposed cofactors, also where the matrix is singular.
      template <typename Scalar>
      MatrixX<Scalar> adjugate(const MatrixX<Scalar>& a) {
        const Eigen::JacobiSVD<MatrixX<Scalar>> svd(
          a, Eigen::ComputeFullU | Eigen::ComputeFullV);
        const VectorX<Scalar> s = svd.singularValues();
        VectorX<Scalar> others = VectorX<Scalar>::Ones(s.size());
        for (Eigen::Index i = 0; i < s.size(); ++i)
          for (Eigen::Index j = 0; j < s.size(); ++j)
            if (i != j) others(i) *= s(j);
        return svd.matrixU().determinant() * svd.matrixV().determinant() * svd.matrixV()
          * others.asDiagonal() * svd.matrixU().transpose();
      }
      """)

  static let eigenQR = Helper(
    name: "detail::thin_qr",
    source: """
      // The thin factorization with a positive diagonal of R.
      template <typename Scalar>
      std::pair<MatrixX<Scalar>, MatrixX<Scalar>> thin_qr(const MatrixX<Scalar>& a) {
        const Eigen::HouseholderQR<MatrixX<Scalar>> qr(a);
        const Eigen::Index k = std::min(a.rows(), a.cols());
        const MatrixX<Scalar> q =
          qr.householderQ() * MatrixX<Scalar>::Identity(a.rows(), k);
        const MatrixX<Scalar> r = qr.matrixQR().topRows(k).template triangularView<Eigen::Upper>();
        const VectorX<Scalar> signs =
          r.diagonal().unaryExpr([](Scalar t) { return Scalar(t < 0 ? -1 : 1); });
        return {q * signs.asDiagonal(), signs.asDiagonal() * r};
      }
      """)

  static let eigenLU = Helper(
    name: "detail::unpivoted_lu",
    source: """
      // A = L*U without pivoting; U takes the place of A.
      template <typename Scalar>
      std::pair<MatrixX<Scalar>, MatrixX<Scalar>> unpivoted_lu(MatrixX<Scalar> a) {
        MatrixX<Scalar> l = MatrixX<Scalar>::Identity(a.rows(), a.cols());
        for (Eigen::Index k = 0; k + 1 < a.rows(); ++k) {
          const Eigen::Index rest = a.rows() - k - 1;
          l.col(k).tail(rest) = a.col(k).tail(rest) / a(k, k);
          a.bottomRows(rest) -= l.col(k).tail(rest) * a.row(k).eval();
        }
        return {l, a.template triangularView<Eigen::Upper>()};
      }
      """)

  static let eigenSigns = Helper(
    name: "detail::largest_signs",
    source: """
      // The sign of the entry of largest size in each column.
      template <typename Scalar>
      VectorX<Scalar> largest_signs(const MatrixX<Scalar>& u) {
        VectorX<Scalar> signs(u.cols());
        for (Eigen::Index j = 0; j < u.cols(); ++j) {
          Eigen::Index i;
          u.col(j).cwiseAbs().maxCoeff(&i);
          signs(j) = u(i, j) < 0 ? -1 : 1;
        }
        return signs;
      }
      """)

  static let eigenEigen = Helper(
    name: "detail::eigen",
    source: """
      // Ascending eigenvalues, eigenvectors; the largest entry of each vector is positive.
      template <typename Scalar>
      std::pair<VectorX<Scalar>, MatrixX<Scalar>> eigen(const MatrixX<Scalar>& a) {
        const Eigen::SelfAdjointEigenSolver<MatrixX<Scalar>> solver(a);
        const MatrixX<Scalar>& v = solver.eigenvectors();
        return {solver.eigenvalues(), v * largest_signs<Scalar>(v).asDiagonal()};
      }
      """,
    calls: [.eigenSigns])

  static let eigenSVD = Helper(
    name: "detail::svd",
    source: """
      // Thin U, the singular values, V; the largest entry of each column of U is positive.
      template <typename Scalar>
      std::tuple<MatrixX<Scalar>, VectorX<Scalar>, MatrixX<Scalar>> svd(const MatrixX<Scalar>& a) {
        const Eigen::JacobiSVD<MatrixX<Scalar>> solver(
          a, Eigen::ComputeThinU | Eigen::ComputeThinV);
        const VectorX<Scalar> signs = largest_signs<Scalar>(solver.matrixU());
        return {solver.matrixU() * signs.asDiagonal(), solver.singularValues(),
          solver.matrixV() * signs.asDiagonal()};
      }
      """,
    calls: [.eigenSigns])

  static let eigenFrechetDerivative = Helper(
    name: "detail::frechet_derivative",
    source: """
      // The derivative of a matrix function at a in the direction e (Higham 2008, 3.16).
      template <typename Scalar, typename Function>
      MatrixX<Scalar> frechet_derivative(
          Function f, const MatrixX<Scalar>& a, const MatrixX<Scalar>& e) {
        const Eigen::Index n = a.rows();
        const MatrixX<Scalar> both = blocks<Scalar>({{a, e}, {MatrixX<Scalar>::Zero(n, n), a}});
        return f(both).topRightCorner(n, n);
      }
      """)

  static let eigenSylvester = Helper(
    name: "detail::sylvester",
    source: """
      // X with A*X + X*B = C, by complex Schur forms (Bartels & Stewart 1972).
      template <typename Scalar>
      MatrixX<Scalar> sylvester(
          const MatrixX<Scalar>& a, const MatrixX<Scalar>& b, const MatrixX<Scalar>& c) {
        using Complex = MatrixX<std::complex<Scalar>>;
        const Eigen::ComplexSchur<MatrixX<Scalar>> left(a), right(b);
        const Complex &s = left.matrixT(), &t = right.matrixT();
        Complex y = left.matrixU().adjoint() * c * right.matrixU();
        for (Eigen::Index j = 0; j < b.rows(); ++j) {
          y.col(j) -= y.leftCols(j) * t.col(j).head(j);
          Complex shifted = s;
          shifted.diagonal().array() += t(j, j);
          y.col(j) = shifted.template triangularView<Eigen::Upper>().solve(y.col(j)).eval();
        }
        return (left.matrixU() * y * right.matrixU().adjoint()).real();
      }
      """)
}
