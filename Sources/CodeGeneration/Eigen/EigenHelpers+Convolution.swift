/// Patches and convolutions that an Eigen program carries in its namespace `detail`.
extension Helper {
  static let eigenPatches = Helper(
    name: "detail::im2col",
    source: """
      // The patches of an image as rows, in scan order.
      template <typename Scalar>
      MatrixX<Scalar> im2col(const MatrixX<Scalar>& x, Eigen::Index height, Eigen::Index width,
          Eigen::Index stride, Eigen::Index padding) {
        MatrixX<Scalar> padded =
          MatrixX<Scalar>::Zero(x.rows() + 2 * padding, x.cols() + 2 * padding);
        padded.block(padding, padding, x.rows(), x.cols()) = x;
        const Eigen::Index down = (padded.rows() - height) / stride + 1;
        const Eigen::Index along = (padded.cols() - width) / stride + 1;
        MatrixX<Scalar> patches(down * along, height * width);
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
      template <typename Scalar>
      MatrixX<Scalar> col2im(const MatrixX<Scalar>& patches, Eigen::Index rows,
          Eigen::Index columns, Eigen::Index height, Eigen::Index width, Eigen::Index stride,
          Eigen::Index padding) {
        MatrixX<Scalar> padded = MatrixX<Scalar>::Zero(rows + 2 * padding, columns + 2 * padding);
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
      template <typename Scalar>
      MatrixX<Scalar> correlate(const MatrixX<Scalar>& x, const MatrixX<Scalar>& w,
          Eigen::Index stride, Eigen::Index down, Eigen::Index along) {
        MatrixX<Scalar> padded =
          MatrixX<Scalar>::Zero(x.rows() + 2 * down, x.cols() + 2 * along);
        padded.block(down, along, x.rows(), x.cols()) = x;
        MatrixX<Scalar> y(
          (padded.rows() - w.rows()) / stride + 1, (padded.cols() - w.cols()) / stride + 1);
        for (Eigen::Index i = 0; i < y.rows(); ++i)
          for (Eigen::Index j = 0; j < y.cols(); ++j)
            y(i, j) = padded.block(i * stride, j * stride, w.rows(), w.cols())
              .cwiseProduct(w).sum();
        return y;
      }
      """)
}
