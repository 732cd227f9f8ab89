/// Functions that a PyTorch program carries with it, differentiable themselves.
extension Helper {
  static let torchFloats = Helper(
    name: "_floats",
    source: """
      def _floats(*arguments):
          \"""The arguments as tensors of one floating-point type, where the tensors are.\"""
          tensors = [a for a in arguments if isinstance(a, torch.Tensor)]
          types = [t.dtype for t in tensors if t.is_floating_point()]
          dtype = functools.reduce(torch.promote_types, types or [torch.get_default_dtype()])
          if any(t.is_complex() for t in tensors):
              raise TypeError("expected real numbers, got a complex tensor")
          device = tensors[0].device if tensors else None
          return [torch.as_tensor(a, dtype=dtype, device=device) for a in arguments]
      """,
    imports: ["import functools"])

  static let torchLogOfDeterminant = Helper(
    name: "_log_det",
    source: """
      def _log_det(factors):
          \"""The logarithm of a determinant; nan where that is negative.\"""
          lu, pivots = factors
          diagonal = torch.diag(lu)
          rows = torch.arange(1, pivots.numel() + 1, device=pivots.device)
          exchanges = (pivots != rows).sum()
          sign = (1 - 2 * (exchanges % 2)) * torch.sign(diagonal).prod()
          size = torch.log(torch.abs(diagonal)).sum()
          return torch.where(sign < 0, torch.nan, size)
      """)

  static let torchCommutation = Helper(
    name: "_commutation",
    source: """
      def _commutation(m, n, like):
          \"""The permutation K with K @ vec(X) = vec(X.T) for X of shape (m, n).\"""
          order = torch.arange(m * n, device=like.device).reshape(n, m).T.reshape(-1)
          return torch.eye(m * n, dtype=like.dtype, device=like.device)[order]
      """)

  static let torchDuplication = Helper(
    name: "_duplication",
    source: """
      def _duplication(n, like):
          \"""The matrix D with D @ vech(S) = vec(S) for symmetric S of shape (n, n).\"""
          i = torch.arange(n, device=like.device)
          low, high = torch.minimum(i[:, None], i), torch.maximum(i[:, None], i)
          position = low * (2 * n - low - 1) // 2 + high
          size = n * (n + 1) // 2
          return torch.eye(size, dtype=like.dtype, device=like.device)[position.reshape(-1)]
      """)

  static let torchKronecker = Helper(
    name: "_kron",
    source: """
      def _kron(a, b):
          \"""The Kronecker product, also of transposed matrices.\"""
          return torch.kron(a.contiguous(), b.contiguous())
      """)

  static let torchAdjugate = Helper(
    name: "_adjugate",
    source: """
      def _adjugate(a):
          \"""The transposed cofactors, also where the matrix is singular.\"""
          u, s, vt = torch.linalg.svd(a)
          others = torch.where(torch.eye(s.numel(), device=s.device) > 0, 1, s).prod(dim=1)
          return torch.linalg.det(u) * torch.linalg.det(vt) * (vt.T * others) @ u.T
      """)

  static let torchQR = Helper(
    name: "_qr",
    source: """
      def _qr(a):
          \"""The thin QR factorization with a positive diagonal of R.\"""
          q, r = torch.linalg.qr(a)
          signs = torch.copysign(torch.ones_like(r[:, 0]), torch.diagonal(r))
          return q * signs, signs[:, None] * r
      """)

  static let torchLU = Helper(
    name: "_lu",
    source: """
      def _lu(a):
          \"""A = L @ U without pivoting, L with ones on its diagonal.\"""
          rows = torch.arange(a.shape[0], device=a.device)
          columns = []
          for k in range(a.shape[0]):
              columns.append(torch.where(rows >= k, a[:, k] / a[k, k], 0))
              a = torch.where(rows[:, None] > k, a - torch.outer(columns[k], a[k]), a)
          return torch.stack(columns, dim=1), torch.triu(a)
      """)

  static let torchEigen = Helper(
    name: "_eigh",
    source: """
      def _eigh(a):
          \"""Ascending eigenvalues, eigenvectors; the largest entry of each vector is positive.\"""
          values, v = torch.linalg.eigh(a)
          return values, v * torch.sign(torch.gather(v, 0, v.abs().argmax(dim=0)[None]))
      """)

  static let torchSVD = Helper(
    name: "_svd",
    source: """
      def _svd(a):
          \"""Thin U, the singular values, V; the largest entry of each column of U is positive.\"""
          u, s, vt = torch.linalg.svd(a, full_matrices=False)
          signs = torch.sign(torch.gather(u, 0, u.abs().argmax(dim=0)[None]))
          return u * signs, s, vt.T * signs
      """)

  static let torchFrechetDerivative = Helper(
    name: "_frechet_derivative",
    source: """
      def _frechet_derivative(function, a, e):
          \"""The derivative of a matrix function at a in the direction e (Higham 2008, 3.16).\"""
          n = a.shape[0]
          top, bottom = torch.hstack((a, e)), torch.hstack((torch.zeros_like(a), a))
          return function(torch.vstack((top, bottom)))[:n, n:]
      """)

  static let torchKhatriRao = jaxKhatriRao

  static let torchSquareRoot = Helper(
    name: "_sqrtm",
    source: """
      def _sqrtm(a):
          \"""The square root by the product form of Denman & Beavers (Higham 2008, 6.29).\"""
          eye = torch.eye(a.shape[0], dtype=a.dtype, device=a.device)
          m = root = a
          for _ in range(25):
              inverse = torch.linalg.inv(m)
              root = root @ (eye + inverse) / 2
              m = (2 * eye + m + inverse) / 4
          return root
      """)

  static let torchLogarithm = Helper(
    name: "_logm",
    source: """
      def _logm(a):
          \"""The logarithm by square roots and a Padé approximant (Higham 2008, 11.18).\"""
          for _ in range(8):
              a = _sqrtm(a)
          eye = torch.eye(a.shape[0], dtype=a.dtype, device=a.device)
          x = a - eye
          nodes, weights = np.polynomial.legendre.leggauss(7)
          terms = [
              w / 2 * torch.linalg.solve(eye + (t + 1) / 2 * x, x)
              for t, w in zip(nodes.tolist(), weights.tolist())
          ]
          return 2**8 * sum(terms)
      """,
    calls: [torchSquareRoot], imports: ["import numpy as np"])

  static let torchFractionalPower = Helper(
    name: "_matrix_power",
    source: """
      def _matrix_power(a, p):
          \"""A real power of a matrix.\"""
          return torch.linalg.matrix_exp(p * _logm(a))
      """,
    calls: [torchLogarithm])

  static let torchSineAndCosine = Helper(
    name: "_sinm_cosm",
    source: """
      def _sinm_cosm(a):
          \"""Sine and cosine, from the exponential of [[0, -a], [a, 0]].\"""
          n = a.shape[0]
          zero = torch.zeros_like(a)
          generator = torch.vstack((torch.hstack((zero, -a)), torch.hstack((a, zero))))
          e = torch.linalg.matrix_exp(generator)
          return e[n:, :n], e[:n, :n]
      """)

  static let torchSine = Helper(
    name: jaxSine.name, source: jaxSine.source, calls: [torchSineAndCosine])
  static let torchCosine = Helper(
    name: jaxCosine.name, source: jaxCosine.source, calls: [torchSineAndCosine])

  static let torchSylvester = Helper(
    name: "_sylvester",
    source: """
      def _sylvester(a, b, c):
          \"""The solution X of a @ X + X @ b = c.\"""
          m, n = c.shape
          eye_m = torch.eye(m, dtype=c.dtype, device=c.device)
          eye_n = torch.eye(n, dtype=c.dtype, device=c.device)
          matrix = _kron(a, eye_n) + _kron(eye_m, b.T)
          return torch.linalg.solve(matrix, c.reshape(m * n)).reshape(m, n)
      """,
    calls: [torchKronecker])

  static let torchPatches = Helper(
    name: "_im2col",
    source: """
      def _im2col(a, height, width, stride, padding):
          \"""The patches of an image as rows, in scan order.\"""
          patches = F.unfold(a[None, None], (height, width), stride=stride, padding=padding)
          return patches[0].T
      """,
    imports: ["import torch.nn.functional as F"])

  static let torchFromPatches = Helper(
    name: "_col2im",
    source: """
      def _col2im(patches, rows, columns, height, width, stride, padding):
          \"""The adjoint of _im2col: each patch is added where it was taken.\"""
          image = F.fold(
              patches.T[None],
              (rows, columns),
              (height, width),
              stride=stride,
              padding=padding,
          )
          return image[0, 0]
      """,
    imports: ["import torch.nn.functional as F"])

  static let torchConvolution1D = Helper(
    name: "_conv1d",
    source: """
      def _conv1d(x, w, stride, padding):
          \"""The cross-correlation of x with the filter w.\"""
          return F.conv1d(x[None, None], w[None, None], stride=stride, padding=padding)[0, 0]
      """,
    imports: ["import torch.nn.functional as F"])

  static let torchConvolution2D = Helper(
    name: "_conv2d",
    source: """
      def _conv2d(a, w, stride, padding):
          \"""The cross-correlation of an image with the filter w.\"""
          return F.conv2d(a[None, None], w[None, None], stride=stride, padding=padding)[0, 0]
      """,
    imports: ["import torch.nn.functional as F"])
}
