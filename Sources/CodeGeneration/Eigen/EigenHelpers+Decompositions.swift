/// Decompositions that an Eigen program carries in its namespace `detail`.
extension Helper {
  static let eigenReciprocalGaps = Helper(
    name: "detail::reciprocal_gaps",
    source: """
      // 1/(l_j - l_i) off the diagonal and 0 on it.
      inline Eigen::MatrixXd reciprocal_gaps(const Eigen::MatrixXd& l) {
        const Eigen::Index n = l.size();
        Eigen::MatrixXd result = Eigen::MatrixXd::Zero(n, n);
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
      inline Eigen::MatrixXd reciprocal_sums(const Eigen::MatrixXd& l) {
        const Eigen::Index n = l.size();
        Eigen::MatrixXd result(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
          for (Eigen::Index i = 0; i < n; ++i) result(i, j) = 1 / (l(i) + l(j));
        return result;
      }
      """)

  static let eigenDividedDifferences = Helper(
    name: "detail::divided_differences",
    source: """
      // (f_i - f_j)/(l_i - l_j), the mean slope where rounding leaves no more.
      inline Eigen::MatrixXd divided_differences(
          const Eigen::MatrixXd& l, const Eigen::MatrixXd& f, const Eigen::MatrixXd& d) {
        const Eigen::Index n = l.size();
        Eigen::MatrixXd result(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
          for (Eigen::Index i = 0; i < n; ++i) {
            const double gap = l(i) - l(j), rise = f(i) - f(j), mean = (d(i) + d(j)) / 2;
            const double rounding = 8.9e-16 * (std::abs(f(i)) + std::abs(f(j)));
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
      inline Eigen::MatrixXd adjugate(const Eigen::MatrixXd& a) {
        const Eigen::JacobiSVD<Eigen::MatrixXd> svd(
          a, Eigen::ComputeFullU | Eigen::ComputeFullV);
        const Eigen::VectorXd s = svd.singularValues();
        Eigen::VectorXd others = Eigen::VectorXd::Ones(s.size());
        for (Eigen::Index i = 0; i < s.size(); ++i)
          for (Eigen::Index j = 0; j < s.size(); ++j)
            if (i != j) others(i) *= s(j);
        return svd.matrixU().determinant() * svd.matrixV().determinant() * svd.matrixV()
          * others.asDiagonal() * svd.matrixU().transpose();
      }
      """)

  static let eigenQ = Helper(
    name: "detail::qr_q",
    source: """
      // Q of the thin factorization with a positive diagonal of R.
      inline Eigen::MatrixXd qr_q(const Eigen::MatrixXd& a) {
        const Eigen::HouseholderQR<Eigen::MatrixXd> qr(a);
        const Eigen::Index k = std::min(a.rows(), a.cols());
        const Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(a.rows(), k);
        const Eigen::VectorXd r = qr.matrixQR().diagonal();
        return q * r.unaryExpr([](double t) { return t < 0 ? -1.0 : 1.0; }).asDiagonal();
      }
      """)

  static let eigenR = Helper(
    name: "detail::qr_r",
    source: """
      // R of the thin factorization with a positive diagonal of R.
      inline Eigen::MatrixXd qr_r(const Eigen::MatrixXd& a) {
        return (qr_q(a).transpose() * a).eval().triangularView<Eigen::Upper>();
      }
      """)

  static let eigenL = Helper(
    name: "detail::lu_l",
    source: """
      // L of A = L*U without pivoting.
      inline Eigen::MatrixXd lu_l(Eigen::MatrixXd a) {
        Eigen::MatrixXd l = Eigen::MatrixXd::Identity(a.rows(), a.cols());
        for (Eigen::Index k = 0; k + 1 < a.rows(); ++k) {
          const Eigen::Index rest = a.rows() - k - 1;
          l.col(k).tail(rest) = a.col(k).tail(rest) / a(k, k);
          a.bottomRows(rest) -= l.col(k).tail(rest) * a.row(k).eval();
        }
        return l;
      }
      """)

  static let eigenU = Helper(
    name: "detail::lu_u",
    source: """
      // U of A = L*U without pivoting.
      inline Eigen::MatrixXd lu_u(const Eigen::MatrixXd& a) {
        return lu_l(a).triangularView<Eigen::UnitLower>().solve(a);
      }
      """)

  static let eigenSigns = Helper(
    name: "detail::largest_signs",
    source: """
      // The sign of the entry of largest size in each column.
      inline Eigen::VectorXd largest_signs(const Eigen::MatrixXd& u) {
        Eigen::VectorXd signs(u.cols());
        for (Eigen::Index j = 0; j < u.cols(); ++j) {
          Eigen::Index i;
          u.col(j).cwiseAbs().maxCoeff(&i);
          signs(j) = u(i, j) < 0 ? -1.0 : 1.0;
        }
        return signs;
      }
      """)

  static let eigenEigenvectors = Helper(
    name: "detail::eigenvectors",
    source: """
      // By ascending eigenvalue; the largest entry of each is positive.
      inline Eigen::MatrixXd eigenvectors(const Eigen::MatrixXd& a) {
        const Eigen::MatrixXd v =
          Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(a).eigenvectors();
        return v * largest_signs(v).asDiagonal();
      }
      """)

  static let eigenLeftVectors = Helper(
    name: "detail::svd_u",
    source: """
      // Thin U; the largest entry of each column is positive.
      inline Eigen::MatrixXd svd_u(const Eigen::MatrixXd& a) {
        const Eigen::MatrixXd u =
          Eigen::JacobiSVD<Eigen::MatrixXd>(a, Eigen::ComputeThinU | Eigen::ComputeThinV).matrixU();
        return u * largest_signs(u).asDiagonal();
      }
      """)

  static let eigenRightVectors = Helper(
    name: "detail::svd_v",
    source: """
      // Thin V, its signs those that make the largest entries of U positive.
      inline Eigen::MatrixXd svd_v(const Eigen::MatrixXd& a) {
        const Eigen::JacobiSVD<Eigen::MatrixXd> svd(
          a, Eigen::ComputeThinU | Eigen::ComputeThinV);
        return svd.matrixV() * largest_signs(svd.matrixU()).asDiagonal();
      }
      """)

  static let eigenFrechetDerivative = Helper(
    name: "detail::frechet_derivative",
    source: """
      // The derivative of a matrix function at a in the direction e (Higham 2008, 3.16).
      template <class Function>
      Eigen::MatrixXd frechet_derivative(
          Function f, const Eigen::MatrixXd& a, const Eigen::MatrixXd& e) {
        const Eigen::Index n = a.rows();
        return f(blocks({{a, e}, {Eigen::MatrixXd::Zero(n, n), a}})).topRightCorner(n, n);
      }
      """)

  static let eigenSylvester = Helper(
    name: "detail::sylvester",
    source: """
      // X with A*X + X*B = C, by complex Schur forms (Bartels & Stewart 1972).
      inline Eigen::MatrixXd sylvester(
          const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, const Eigen::MatrixXd& c) {
        const Eigen::ComplexSchur<Eigen::MatrixXd> left(a), right(b);
        const Eigen::MatrixXcd &s = left.matrixT(), &t = right.matrixT();
        Eigen::MatrixXcd y = left.matrixU().adjoint() * c * right.matrixU();
        for (Eigen::Index j = 0; j < b.rows(); ++j) {
          y.col(j) -= y.leftCols(j) * t.col(j).head(j);
          Eigen::MatrixXcd shifted = s;
          shifted.diagonal().array() += t(j, j);
          y.col(j) = shifted.triangularView<Eigen::Upper>().solve(y.col(j)).eval();
        }
        return (left.matrixU() * y * right.matrixU().adjoint()).real();
      }
      """)
}
