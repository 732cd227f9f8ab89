/// Functions that a JAX program carries with it. They are traced: sizes are known, values are not.
extension Helper {
  static let jaxFloats = Helper(
    name: "_floats",
    source: """
      def _floats(*arguments):
          \"""The arguments as arrays of one floating-point type; numbers take that of arrays.\"""
          dtype = jnp.result_type(float, *arguments)
          if not jnp.issubdtype(dtype, jnp.floating):
              raise TypeError(f"expected real numbers, got {dtype}")
          return [jnp.asarray(a, dtype) for a in arguments]
      """)

  static let jaxLogOfDeterminant = numpyLogOfDeterminant.inJAX
  static let jaxCommutation = numpyCommutation.inJAX
  static let jaxDuplication = numpyDuplication.inJAX
  static let jaxAdjugate = numpyAdjugate.inJAX
  static let jaxQR = numpyQR.inJAX
  static let jaxLU = numpyLU.inJAX
  static let jaxEigen = numpyEigen.inJAX
  static let jaxSVD = numpySVD.inJAX

  /// Linear in the direction for JAX too, which transposes it.
  static let jaxFrechetDerivative = Helper(
    name: "_frechet_derivative",
    source: """
      def _frechet_derivative(function, a, e):
          \"""The derivative of a matrix function at a in the direction e.\"""
          return jax.jvp(function, (a,), (e,))[1]
      """)

  static let jaxKhatriRao = Helper(
    name: "_khatri_rao",
    source: """
      def _khatri_rao(a, b):
          \"""The Kronecker products of the columns of a with those of b.\"""
          return (a[:, None, :] * b[None, :, :]).reshape(-1, a.shape[1])
      """)

  static let jaxSquareRoot = Helper(
    name: "_sqrtm",
    source: """
      def _sqrtm(a):
          \"""The square root by the product form of Denman & Beavers (Higham 2008, 6.29).\"""
          eye = jnp.eye(a.shape[0], dtype=a.dtype)
          m = root = a
          for _ in range(25):
              inverse = jnp.linalg.inv(m)
              root = root @ (eye + inverse) / 2
              m = (2 * eye + m + inverse) / 4
          return root
      """)

  static let jaxLogarithm = Helper(
    name: "_logm",
    source: """
      def _logm(a):
          \"""The logarithm by square roots and a Padé approximant (Higham 2008, 11.18).\"""
          for _ in range(8):
              a = _sqrtm(a)
          x = a - jnp.eye(a.shape[0], dtype=a.dtype)
          nodes, weights = np.polynomial.legendre.leggauss(7)
          eye = jnp.eye(a.shape[0], dtype=a.dtype)
          terms = [
              w / 2 * jnp.linalg.solve(eye + (t + 1) / 2 * x, x)
              for t, w in zip(nodes.tolist(), weights.tolist())
          ]
          return 2**8 * sum(terms)
      """,
    calls: [jaxSquareRoot], imports: ["import numpy as np"])

  static let jaxFractionalPower = Helper(
    name: "_matrix_power",
    source: """
      def _matrix_power(a, p):
          \"""A real power of a matrix.\"""
          return jax.scipy.linalg.expm(p * _logm(a))
      """,
    calls: [jaxLogarithm])

  static let jaxSineAndCosine = Helper(
    name: "_sinm_cosm",
    source: """
      def _sinm_cosm(a):
          \"""Sine and cosine, from the exponential of [[0, -a], [a, 0]].\"""
          n = a.shape[0]
          zero = jnp.zeros_like(a)
          e = jax.scipy.linalg.expm(jnp.block([[zero, -a], [a, zero]]))
          return e[n:, :n], e[:n, :n]
      """)

  static let jaxSine = Helper(
    name: "_sinm",
    source: """
      def _sinm(a):
          return _sinm_cosm(a)[0]
      """,
    calls: [jaxSineAndCosine])

  static let jaxCosine = Helper(
    name: "_cosm",
    source: """
      def _cosm(a):
          return _sinm_cosm(a)[1]
      """,
    calls: [jaxSineAndCosine])

  static let jaxSylvester = Helper(
    name: "_sylvester",
    source: """
      def _sylvester(a, b, c):
          \"""The solution X of a @ X + X @ b = c.\"""
          (m, n), dtype = c.shape, c.dtype
          matrix = jnp.kron(a, jnp.eye(n, dtype=dtype)) + jnp.kron(
              jnp.eye(m, dtype=dtype), b.T
          )
          return jnp.linalg.solve(matrix, c.reshape(m * n)).reshape(m, n)
      """)

  static let jaxPatches = Helper(
    name: "_im2col",
    source: """
      def _im2col(a, height, width, stride, padding):
          \"""The patches of an image as rows, in scan order.\"""
          a = jnp.pad(a, padding)
          top = np.arange(0, a.shape[0] - height + 1, stride)
          left = np.arange(0, a.shape[1] - width + 1, stride)
          i = top[:, None, None, None] + np.arange(height)[:, None]
          j = left[:, None, None] + np.arange(width)
          return a[i, j].reshape(-1, height * width)
      """,
    imports: ["import numpy as np"])

  static let jaxFromPatches = Helper(
    name: "_col2im",
    source: """
      def _col2im(patches, rows, columns, height, width, stride, padding):
          \"""The adjoint of _im2col: each patch is added where it was taken.\"""
          image = jnp.zeros((rows + 2 * padding, columns + 2 * padding), patches.dtype)
          top = np.arange(0, image.shape[0] - height + 1, stride)
          left = np.arange(0, image.shape[1] - width + 1, stride)
          i = top[:, None, None, None] + np.arange(height)[:, None]
          j = left[:, None, None] + np.arange(width)
          patches = patches.reshape(top.size, left.size, height, width)
          image = image.at[i, j].add(patches)
          return image[padding : padding + rows, padding : padding + columns]
      """,
    imports: ["import numpy as np"])

  static let jaxConvolution = Helper(
    name: "_convolution",
    source: """
      def _convolution(x, w, stride, padding):
          \"""The cross-correlation of x with the filter w.\"""
          return jax.lax.conv_general_dilated(
              x[None, None], w[None, None], (stride,) * x.ndim, [(padding, padding)] * x.ndim
          )[0, 0]
      """)

  /// The same in JAX, whose functions have NumPy's names.
  private var inJAX: Helper {
    Helper(name: name, source: source.replacingModule("np", by: "jnp"))
  }
}

extension String {
  /// The text with `np.` made `jnp.`.
  func replacingModule(_ module: String, by other: String) -> String {
    var result = ""
    var rest = self[...]
    while let start = rest.firstIndex(of: module.first ?? ".") {
      let before = result.last ?? rest[..<start].last
      result += rest[..<start]
      rest = rest[start...]
      let isModule =
        rest.hasPrefix(module + ".") && !(result.last ?? before ?? " ").isLetter
      result += isModule ? other : String(rest.prefix(1))
      rest = rest.dropFirst(isModule ? module.count : 1)
    }
    return result + rest
  }
}
