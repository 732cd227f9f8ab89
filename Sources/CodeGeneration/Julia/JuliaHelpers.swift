/// Functions that a Julia program carries with it.
extension Helper {
  static let juliaSigmoid = Helper(
    name: "sigmoid",
    source: """
      sigmoid(t) = (e = exp(-abs(t)); (t < 0 ? e : one(e)) / (1 + e))
      """)

  static let juliaSoftplus = Helper(
    name: "softplus",
    source: """
      softplus(t) = max(t, zero(t)) + log1p(exp(-abs(t)))
      """)

  static let juliaLogSumExp = Helper(
    name: "logsumexp",
    source: """
      function logsumexp(x; dims = :)
          largest = maximum(x; dims)
          return largest .+ log.(sum(exp.(x .- largest); dims))
      end
      """)

  static let juliaSoftmax = Helper(
    name: "softmax",
    source: """
      softmax(x, dims) = exp.(x .- logsumexp(x; dims))
      """)

  static let juliaLogSoftmax = Helper(
    name: "logsoftmax",
    source: """
      logsoftmax(x, dims) = x .- logsumexp(x; dims)
      """)

  static let juliaKhatriRao = Helper(
    name: "khatrirao",
    source: """
      "The Kronecker product column by column."
      khatrirao(A, B) = reduce(hcat, kron(a, b) for (a, b) in zip(eachcol(A), eachcol(B)))
      """)

  static let juliaHalf = Helper(
    name: "vech",
    source: """
      "The lower triangle, column by column."
      vech(X) = [X[i, j] for j in axes(X, 2) for i in j:size(X, 1)]
      """)

  static let juliaReciprocalGaps = Helper(
    name: "reciprocal_gaps",
    source: """
      "1/(lⱼ - lᵢ) off the diagonal and 0 on it."
      reciprocal_gaps(l) = [a == b ? 0.0 : 1 / (b - a) for a in l, b in l]
      """)

  static let juliaReciprocalSums = Helper(
    name: "reciprocal_sums",
    source: """
      "1/(lᵢ + lⱼ)."
      reciprocal_sums(l) = [1 / (a + b) for a in l, b in l]
      """)

  static let juliaDividedDifferences = Helper(
    name: "divided_differences",
    source: """
      "(fᵢ - fⱼ)/(lᵢ - lⱼ), the mean slope where rounding leaves no more."
      function divided_differences(l, f, d)
          map(Iterators.product(eachindex(l), eachindex(l))) do (i, j)
              gap, rise, mean = l[i] - l[j], f[i] - f[j], (d[i] + d[j]) / 2
              flat = gap == 0 || abs(rise - mean * gap) <= 4 * eps() * (abs(f[i]) + abs(f[j]))
              flat ? mean : rise / gap
          end
      end
      """)

  static let juliaCommutation = Helper(
    name: "commutation",
    source: """
      "The permutation K with K * vec(X) = vec(X') for X of size m×n."
      commutation(m, n) =
          Matrix(1.0I, m * n, m * n)[vec(permutedims(reshape(1:m*n, m, n))), :]
      """)

  static let juliaDuplication = Helper(
    name: "duplication",
    source: """
      "The matrix with D * vech(S) = vec(S) for symmetric S."
      function duplication(n)
          D = zeros(n^2, n * (n + 1) ÷ 2)
          k = 0
          for j in 1:n, i in j:n
              k += 1
              D[(j - 1) * n + i, k] = D[(i - 1) * n + j, k] = 1
          end
          return D
      end
      """)

  static let juliaAdjugate = Helper(
    name: "adjugate",
    source: """
      "The transposed cofactors, also where the matrix is singular."
      function adjugate(A)
          U, s, V = svd(A)
          others = [prod(s[setdiff(eachindex(s), i)]) for i in eachindex(s)]
          return det(U) * det(V) * V * Diagonal(others) * U'
      end
      """)

  static let juliaQR = Helper(
    name: "positive_qr",
    source: """
      "The thin QR factorization with a positive diagonal of R."
      function positive_qr(A)
          F = qr(A)
          signs = [r < 0 ? -1.0 : 1.0 for r in diag(F.R)]
          return Matrix(F.Q) * Diagonal(signs), Diagonal(signs) * F.R
      end
      """)

  static let juliaLU = Helper(
    name: "unpivoted_lu",
    source: """
      "A = L*U without pivoting."
      function unpivoted_lu(A)
          F = lu(A, NoPivot())
          return F.L, F.U
      end
      """)

  static let juliaEigen = Helper(
    name: "signed_eigen",
    source: """
      "Ascending eigenvalues, eigenvectors; the largest entry of each vector is positive."
      function signed_eigen(A)
          values, V = eigen(A)
          return values, V * Diagonal([sign(v[argmax(abs.(v))]) for v in eachcol(V)])
      end
      """)

  static let juliaSVD = Helper(
    name: "signed_svd",
    source: """
      "Thin U, the singular values, V; the largest entry of each column of U is positive."
      function signed_svd(A)
          U, s, V = svd(A)
          signs = Diagonal([sign(u[argmax(abs.(u))]) for u in eachcol(U)])
          return U * signs, s, V * signs
      end
      """)

  static let juliaFrechetDerivative = Helper(
    name: "frechet_derivative",
    source: """
      "The derivative of a matrix function at A in the direction E (Higham 2008, 3.16)."
      function frechet_derivative(f, A, E)
          n = size(A, 1)
          return real(f([A E; zero(A) A])[1:n, n+1:end])
      end
      """)

  static let juliaPatches = Helper(
    name: "im2col",
    source: """
      "The patches of an image as rows, in scan order."
      function im2col(X, height, width, stride, padding)
          padded = zeros(eltype(X), size(X) .+ 2padding)
          padded[padding .+ axes(X, 1), padding .+ axes(X, 2)] = X
          tops = 1:stride:size(padded, 1)-height+1
          lefts = 1:stride:size(padded, 2)-width+1
          patch(i, j) = vec(permutedims(padded[i:i+height-1, j:j+width-1]))
          return permutedims(reduce(hcat, patch(i, j) for i in tops for j in lefts))
      end
      """)

  static let juliaFromPatches = Helper(
    name: "col2im",
    source: """
      "The adjoint of im2col: each patch is added where it was taken."
      function col2im(P, rows, columns, height, width, stride, padding)
          padded = zeros(eltype(P), rows + 2padding, columns + 2padding)
          k = 0
          for i in 1:stride:size(padded, 1)-height+1, j in 1:stride:size(padded, 2)-width+1
              k += 1
              padded[i:i+height-1, j:j+width-1] += permutedims(reshape(P[k, :], width, height))
          end
          return padded[padding+1:padding+rows, padding+1:padding+columns]
      end
      """)

  static let juliaCorrelation = Helper(
    name: "correlate",
    source: """
      "The cross-correlation of X, padded by zeros, with the filter W."
      function correlate(X, W, stride, padding)
          padded = zeros(eltype(X), size(X) .+ 2 .* padding)
          padded[padding[1] .+ axes(X, 1), padding[2] .+ axes(X, 2)] = X
          height, width = size(W)
          return [
              dot(padded[i:i+height-1, j:j+width-1], W) for
              i in 1:stride:size(padded, 1)-height+1, j in 1:stride:size(padded, 2)-width+1
          ]
      end
      """)
}
