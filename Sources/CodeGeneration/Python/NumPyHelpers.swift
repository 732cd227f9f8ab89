/// Functions that a NumPy program carries with it where SciPy has none.
extension Helper {
  static let numpyFloats = Helper(
    name: "_floats",
    source: """
      def _floats(*arguments):
          \"""The arguments as arrays of one floating-point type; numbers take that of arrays.\"""
          arrays = [np.asarray(a) for a in arguments if not isinstance(a, (int, float))]
          dtype = np.result_type(np.float32, *arrays) if arrays else np.dtype(float)
          if dtype.kind != "f":
              raise TypeError(f"expected real numbers, got {dtype}")
          return [np.asarray(a, dtype=dtype) for a in arguments]
      """)

  static let numpyLogOfDeterminant = Helper(
    name: "_log_det",
    source: """
      def _log_det(factors):
          \"""The logarithm of a determinant; nan where that is negative.\"""
          lu, pivots = factors
          diagonal = np.diag(lu)
          exchanges = np.count_nonzero(pivots != np.arange(pivots.size))
          sign = (1 - 2 * (exchanges % 2)) * np.prod(np.sign(diagonal))
          return np.where(sign < 0, np.nan, np.log(np.abs(diagonal)).sum())
      """)

  static let numpyCommutation = Helper(
    name: "_commutation",
    source: """
      def _commutation(m, n, like):
          \"""The permutation K with K @ vec(X) = vec(X.T) for X of shape (m, n).\"""
          order = np.arange(m * n).reshape((m, n), order="F").ravel()
          return np.eye(m * n, dtype=like.dtype)[order]
      """)

  static let numpyDuplication = Helper(
    name: "_duplication",
    source: """
      def _duplication(n, like):
          \"""The matrix D with D @ vech(S) = vec(S) for symmetric S of shape (n, n).\"""
          i, j = np.indices((n, n))
          low, high = np.minimum(i, j), np.maximum(i, j)
          position = low * (2 * n - low - 1) // 2 + high
          return np.eye(n * (n + 1) // 2, dtype=like.dtype)[position.ravel()]
      """)

  static let numpyAdjugate = Helper(
    name: "_adjugate",
    source: """
      def _adjugate(a):
          \"""The transposed cofactors, also where the matrix is singular.\"""
          u, s, vt = np.linalg.svd(a)
          others = np.prod(np.where(np.eye(s.size, dtype=bool), 1, s), axis=1)
          return np.linalg.det(u) * np.linalg.det(vt) * (vt.T * others) @ u.T
      """)

  static let numpyQR = Helper(
    name: "_qr",
    source: """
      def _qr(a):
          \"""The thin QR factorization with a positive diagonal of R.\"""
          q, r = np.linalg.qr(a)
          signs = np.copysign(1, np.diag(r))
          return q * signs, signs[:, None] * r
      """)

  static let numpyLU = Helper(
    name: "_lu",
    source: """
      def _lu(a):
          \"""A = L @ U without pivoting, L with ones on its diagonal.\"""
          n = a.shape[0]
          columns = []
          for k in range(n):
              columns.append(np.where(np.arange(n) >= k, a[:, k] / a[k, k], 0))
              a = np.where(np.arange(n)[:, None] > k, a - np.outer(columns[k], a[k]), a)
          return np.stack(columns, axis=1), np.triu(a)
      """)

  static let numpyEigen = Helper(
    name: "_eigh",
    source: """
      def _eigh(a):
          \"""Ascending eigenvalues, eigenvectors; the largest entry of each vector is positive.\"""
          values, v = np.linalg.eigh(a)
          return values, v * np.sign(v[np.abs(v).argmax(axis=0), np.arange(v.shape[1])])
      """)

  static let numpySVD = Helper(
    name: "_svd",
    source: """
      def _svd(a):
          \"""Thin U, the singular values, V; the largest entry of each column of U is positive.\"""
          u, s, vt = np.linalg.svd(a, full_matrices=False)
          signs = np.sign(u[np.abs(u).argmax(axis=0), np.arange(u.shape[1])])
          return u * signs, s, vt.T * signs
      """)

  static let numpyLogarithm = Helper(
    name: "_logm",
    source: """
      def _logm(a):
          \"""The logarithm, in the type of the matrix.\"""
          return scipy.linalg.logm(a).astype(a.dtype)
      """,
    imports: ["import scipy.linalg"])

  static let numpyFrechetDerivative = Helper(
    name: "_frechet_derivative",
    source: """
      def _frechet_derivative(function, a, e):
          \"""The derivative of a matrix function at a in the direction e (Higham 2008, 3.16).\"""
          n = a.shape[0]
          return function(np.block([[a, e], [np.zeros_like(a), a]]))[:n, n:]
      """)

  static let numpyPatches = Helper(
    name: "_im2col",
    source: """
      def _im2col(a, height, width, stride, padding):
          \"""The patches of an image as rows, in scan order.\"""
          windows = np.lib.stride_tricks.sliding_window_view(
              np.pad(a, padding), (height, width)
          )
          return windows[::stride, ::stride].reshape(-1, height * width)
      """)

  static let numpyFromPatches = Helper(
    name: "_col2im",
    source: """
      def _col2im(patches, rows, columns, height, width, stride, padding):
          \"""The adjoint of _im2col: each patch is added where it was taken.\"""
          image = np.zeros((rows + 2 * padding, columns + 2 * padding), patches.dtype)
          top = np.arange(0, image.shape[0] - height + 1, stride)
          left = np.arange(0, image.shape[1] - width + 1, stride)
          i = top[:, None, None, None] + np.arange(height)[:, None]
          j = left[:, None, None] + np.arange(width)
          np.add.at(image, (i, j), patches.reshape(top.size, left.size, height, width))
          return image[padding : padding + rows, padding : padding + columns]
      """)

  static let numpyConvolution1D = Helper(
    name: "_conv1d",
    source: """
      def _conv1d(x, w, stride, padding):
          \"""The cross-correlation of x with the filter w.\"""
          windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), w.size)
          return windows[::stride] @ w
      """)

  static let numpyConvolution2D = Helper(
    name: "_conv2d",
    source: """
      def _conv2d(a, w, stride, padding):
          \"""The cross-correlation of an image with the filter w.\"""
          windows = np.lib.stride_tricks.sliding_window_view(np.pad(a, padding), w.shape)
          return np.einsum("ijkl,kl->ij", windows[::stride, ::stride], w)
      """)
}
