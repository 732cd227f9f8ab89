/// Functions that a NumPy program carries with it where SciPy has none.
extension Helper {
  static let numpyCommutation = Helper(
    name: "_commutation",
    source: """
      def _commutation(m, n):
          \"""The permutation K with K @ vec(X) = vec(X.T) for X of shape (m, n).\"""
          order = np.arange(m * n).reshape((m, n), order="F").ravel()
          return np.eye(m * n)[order]
      """)

  static let numpyDuplication = Helper(
    name: "_duplication",
    source: """
      def _duplication(n):
          \"""The matrix D with D @ vech(S) = vec(S) for symmetric S of shape (n, n).\"""
          rows, columns = np.triu_indices(n)
          position = np.empty((n, n), dtype=int)
          position[rows, columns] = position[columns, rows] = np.arange(rows.size)
          return np.eye(rows.size)[position.ravel()]
      """)

  static let numpyAdjugate = Helper(
    name: "_adjugate",
    source: """
      def _adjugate(a):
          \"""The transposed cofactors, also where the matrix is singular.\"""
          u, s, vt = np.linalg.svd(a)
          others = np.array([np.prod(np.delete(s, i)) for i in range(s.size)])
          return np.linalg.det(u) * np.linalg.det(vt) * (vt.T * others) @ u.T
      """)

  static let numpyQR = Helper(
    name: "_qr",
    source: """
      def _qr(a):
          \"""The thin QR factorization with a positive diagonal of R.\"""
          q, r = np.linalg.qr(a)
          signs = np.where(np.diag(r) < 0, -1.0, 1.0)
          return q * signs, signs[:, None] * r
      """)

  static let numpyLU = Helper(
    name: "_lu",
    source: """
      def _lu(a):
          \"""A = L @ U without pivoting, L with ones on its diagonal.\"""
          n = a.shape[0]
          lower, upper = np.eye(n), np.array(a, dtype=float)
          for k in range(n - 1):
              lower[k + 1 :, k] = upper[k + 1 :, k] / upper[k, k]
              upper[k + 1 :] -= np.outer(lower[k + 1 :, k], upper[k])
          return lower, np.triu(upper)
      """)

  static let numpyEigenvectors = Helper(
    name: "_eigenvectors",
    source: """
      def _eigenvectors(a):
          \"""Eigenvectors by ascending eigenvalue; the largest entry of each is positive.\"""
          v = np.linalg.eigh(a)[1]
          return v * np.sign(v[np.abs(v).argmax(axis=0), np.arange(v.shape[1])])
      """)

  static let numpySVD = Helper(
    name: "_singular_vectors",
    source: """
      def _singular_vectors(a):
          \"""Thin U and V; the largest entry of each column of U is positive.\"""
          u, _, vt = np.linalg.svd(a, full_matrices=False)
          signs = np.sign(u[np.abs(u).argmax(axis=0), np.arange(u.shape[1])])
          return u * signs, vt.T * signs
      """)

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
          a = np.pad(a, padding)
          windows = np.lib.stride_tricks.sliding_window_view(a, (height, width))
          return windows[::stride, ::stride].reshape(-1, height * width)
      """)

  static let numpyFromPatches = Helper(
    name: "_col2im",
    source: """
      def _col2im(patches, rows, columns, height, width, stride, padding):
          \"""The adjoint of _im2col: each patch is added where it was taken.\"""
          image = np.zeros((rows + 2 * padding, columns + 2 * padding))
          windows = np.lib.stride_tricks.sliding_window_view(
              image, (height, width), writeable=True
          )[::stride, ::stride]
          for i, j in np.ndindex(windows.shape[:2]):
              windows[i, j] += patches[i * windows.shape[1] + j].reshape(height, width)
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
          a = np.pad(a, padding)
          windows = np.lib.stride_tricks.sliding_window_view(a, w.shape)
          return np.einsum("ijkl,kl->ij", windows[::stride, ::stride], w)
      """)
}
