/// Functions that an Eigen program carries with it, in its namespace `detail`.
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

  static let eigenBlocks = Helper(
    name: "detail::blocks",
    source: """
      inline Eigen::MatrixXd blocks(const std::vector<std::vector<Eigen::MatrixXd>>& rows) {
        Eigen::Index height = 0, width = 0;
        for (const auto& row : rows) height += row[0].rows();
        for (const auto& block : rows[0]) width += block.cols();
        Eigen::MatrixXd result(height, width);
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

  static let eigenKronecker = Helper(
    name: "detail::kron",
    source: """
      inline Eigen::MatrixXd kron(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
        Eigen::MatrixXd result(a.rows() * b.rows(), a.cols() * b.cols());
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
      inline Eigen::MatrixXd khatri_rao(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
        Eigen::MatrixXd result(a.rows() * b.rows(), a.cols());
        for (Eigen::Index j = 0; j < a.cols(); ++j) result.col(j) = kron(a.col(j), b.col(j));
        return result;
      }
      """)

  static let eigenHalf = Helper(
    name: "detail::vech",
    source: """
      // The lower triangle, column by column.
      inline Eigen::MatrixXd vech(const Eigen::MatrixXd& x) {
        const Eigen::Index n = x.rows();
        Eigen::MatrixXd result(n * (n + 1) / 2, 1);
        for (Eigen::Index j = 0, k = 0; j < n; k += n - j, ++j)
          result.block(k, 0, n - j, 1) = x.block(j, j, n - j, 1);
        return result;
      }
      """)

  static let eigenHalfTriangle = Helper(
    name: "detail::halftril",
    source: """
      // The lower triangle with half the diagonal.
      inline Eigen::MatrixXd halftril(const Eigen::MatrixXd& x) {
        Eigen::MatrixXd result = x.triangularView<Eigen::Lower>();
        result.diagonal() /= 2;
        return result;
      }
      """)

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

  static let eigenCommutation = Helper(
    name: "detail::commutation",
    source: """
      // The permutation K with K * vec(X) = vec(X') for X of size m x n.
      inline Eigen::MatrixXd commutation(Eigen::Index m, Eigen::Index n) {
        Eigen::MatrixXd k = Eigen::MatrixXd::Zero(m * n, m * n);
        for (Eigen::Index i = 0; i < m; ++i)
          for (Eigen::Index j = 0; j < n; ++j) k(i * n + j, j * m + i) = 1;
        return k;
      }
      """)

  static let eigenDuplication = Helper(
    name: "detail::duplication",
    source: """
      // The matrix with D * vech(S) = vec(S) for symmetric S.
      inline Eigen::MatrixXd duplication(Eigen::Index n) {
        Eigen::MatrixXd d = Eigen::MatrixXd::Zero(n * n, n * (n + 1) / 2);
        for (Eigen::Index j = 0, k = 0; j < n; ++j)
          for (Eigen::Index i = j; i < n; ++i, ++k) d(j * n + i, k) = d(i * n + j, k) = 1;
        return d;
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

  static let eigenPatches = Helper(
    name: "detail::im2col",
    source: """
      // The patches of an image as rows, in scan order.
      inline Eigen::MatrixXd im2col(const Eigen::MatrixXd& x, Eigen::Index height,
          Eigen::Index width, Eigen::Index stride, Eigen::Index padding) {
        Eigen::MatrixXd padded =
          Eigen::MatrixXd::Zero(x.rows() + 2 * padding, x.cols() + 2 * padding);
        padded.block(padding, padding, x.rows(), x.cols()) = x;
        const Eigen::Index down = (padded.rows() - height) / stride + 1;
        const Eigen::Index along = (padded.cols() - width) / stride + 1;
        Eigen::MatrixXd patches(down * along, height * width);
        for (Eigen::Index i = 0; i < down; ++i)
          for (Eigen::Index j = 0; j < along; ++j)
            patches.row(i * along + j) = padded.block(i * stride, j * stride, height, width)
              .transpose().reshaped().transpose();
        return patches;
      }
      """)

  static let eigenFromPatches = Helper(
    name: "detail::col2im",
    source: """
      // The adjoint of im2col: each patch is added where it was taken.
      inline Eigen::MatrixXd col2im(const Eigen::MatrixXd& patches, Eigen::Index rows,
          Eigen::Index columns, Eigen::Index height, Eigen::Index width, Eigen::Index stride,
          Eigen::Index padding) {
        Eigen::MatrixXd padded = Eigen::MatrixXd::Zero(rows + 2 * padding, columns + 2 * padding);
        const Eigen::Index down = (padded.rows() - height) / stride + 1;
        const Eigen::Index along = (padded.cols() - width) / stride + 1;
        for (Eigen::Index i = 0; i < down; ++i)
          for (Eigen::Index j = 0; j < along; ++j)
            padded.block(i * stride, j * stride, height, width) +=
              patches.row(i * along + j).reshaped(width, height).transpose();
        return padded.block(padding, padding, rows, columns);
      }
      """)

  static let eigenConvolution = Helper(
    name: "detail::correlate",
    source: """
      // The cross-correlation of x, padded by zeros down and along, with the filter w.
      inline Eigen::MatrixXd correlate(const Eigen::MatrixXd& x, const Eigen::MatrixXd& w,
          Eigen::Index stride, Eigen::Index down, Eigen::Index along) {
        Eigen::MatrixXd padded = Eigen::MatrixXd::Zero(x.rows() + 2 * down, x.cols() + 2 * along);
        padded.block(down, along, x.rows(), x.cols()) = x;
        Eigen::MatrixXd y(
          (padded.rows() - w.rows()) / stride + 1, (padded.cols() - w.cols()) / stride + 1);
        for (Eigen::Index i = 0; i < y.rows(); ++i)
          for (Eigen::Index j = 0; j < y.cols(); ++j)
            y(i, j) = padded.block(i * stride, j * stride, w.rows(), w.cols())
              .cwiseProduct(w).sum();
        return y;
      }
      """)
}
