/// Local functions that a MATLAB program carries with it.
extension Helper {
  static let matlabFactor = Helper(
    name: "factor_",
    source: """
      function f = factor_(A)
        % P*A = L*U with partial pivoting.
        [f.lower, f.upper, f.order] = lu(A, 'vector');
      end
      """)

  static let matlabSolve = Helper(
    name: "solve_",
    source: """
      function X = solve_(f, B)
        % A \\ B of a factored A.
        X = f.upper \\ (f.lower \\ B(f.order, :));
      end
      """)

  static let matlabTransposedSolve = Helper(
    name: "solve_transposed_",
    source: """
      function X = solve_transposed_(f, B)
        % A' \\ B of a factored A.
        X(f.order, :) = f.lower' \\ (f.upper' \\ B);
      end
      """)

  static let matlabLogOfDeterminant = Helper(
    name: "log_det_",
    source: """
      function y = log_det_(f)
        % The logarithm of a determinant; NaN where that is negative.
        d = diag(f.upper);
        P = eye(numel(d));
        y = sum(log(abs(d)));
        if det(P(f.order, :)) * prod(sign(d)) < 0
          y = NaN;
        end
      end
      """)

  static let matlabSoftplus = Helper(
    name: "softplus_",
    source: """
      function Y = softplus_(X)
        % log(1 + exp(X)) without overflow.
        Y = max(X, 0) + log1p(exp(-abs(X)));
      end
      """)

  static let matlabLogSumExp = Helper(
    name: "logsumexp_",
    source: """
      function s = logsumexp_(X, dim)
        % log(sum(exp(X), dim)) without overflow.
        largest = max(X, [], dim);
        s = largest + log(sum(exp(X - largest), dim));
      end
      """)

  static let matlabSoftmax = Helper(
    name: "softmax_",
    source: """
      function P = softmax_(X, dim)
        % exp(X) over its sums along a dimension.
        P = exp(X - logsumexp_(X, dim));
      end
      """)

  static let matlabUnit = Helper(
    name: "unit_",
    source: """
      function e = unit_(n, i)
        % The i-th unit vector.
        e = zeros(n, 1);
        e(i) = 1;
      end
      """)

  static let matlabKhatriRao = Helper(
    name: "khatri_rao_",
    source: """
      function C = khatri_rao_(A, B)
        % The Kronecker product column by column.
        C = reshape(permute(A, [3, 1, 2]) .* permute(B, [1, 3, 2]), [], size(A, 2));
      end
      """)

  static let matlabReciprocalGaps = Helper(
    name: "reciprocal_gaps_",
    source: """
      function F = reciprocal_gaps_(l)
        % 1/(l_j - l_i) off the diagonal and 0 on it.
        gaps = l' - l;
        F = 1 ./ gaps;
        F(gaps == 0) = 0;
      end
      """)

  static let matlabDividedDifferences = Helper(
    name: "divided_differences_",
    source: """
      function L = divided_differences_(l, f, d)
        % (f_i - f_j)/(l_i - l_j), the mean slope where rounding leaves no more.
        gaps = l - l';
        rise = f - f';
        L = (d + d') / 2;
        steep = gaps ~= 0 & abs(rise - L .* gaps) > 4 * eps * (abs(f) + abs(f)');
        L(steep) = rise(steep) ./ gaps(steep);
      end
      """)

  static let matlabCommutation = Helper(
    name: "commutation_",
    source: """
      function K = commutation_(m, n)
        % The permutation with K * vec(X) = vec(X') for X of size m x n.
        order = reshape(1:m * n, m, n)';
        K = eye(m * n);
        K = K(order(:), :);
      end
      """)

  static let matlabDuplication = Helper(
    name: "duplication_",
    source: """
      function D = duplication_(n)
        % The matrix with D * vech(S) = vec(S) for symmetric S.
        position = zeros(n);
        position(tril(true(n))) = 1:n * (n + 1) / 2;
        position = position + tril(position, -1)';
        D = eye(n * (n + 1) / 2);
        D = D(position(:), :);
      end
      """)

  static let matlabAdjugate = Helper(
    name: "adjugate_",
    source: """
      function B = adjugate_(A)
        % The transposed cofactors, also where A is singular.
        [U, S, V] = svd(A);
        s = diag(S);
        others = arrayfun(@(i) prod(s([1:i - 1, i + 1:end])), (1:numel(s))');
        B = det(U) * det(V) * V * diag(others) * U';
      end
      """)

  static let matlabQR = Helper(
    name: "thin_qr_",
    source: """
      function [Q, R] = thin_qr_(A)
        % The thin factorization with a positive diagonal of R.
        [Q, R] = qr(A, 0);
        signs = 1 - 2 * (diag(R) < 0);
        Q = Q .* signs';
        R = signs .* R;
      end
      """)

  static let matlabLU = Helper(
    name: "unpivoted_lu_",
    source: """
      function [L, A] = unpivoted_lu_(A)
        % A = L*U without pivoting; U takes the place of A.
        L = eye(size(A));
        for k = 1:size(A, 1) - 1
          L(k + 1:end, k) = A(k + 1:end, k) / A(k, k);
          A(k + 1:end, :) = A(k + 1:end, :) - L(k + 1:end, k) * A(k, :);
        end
        A = triu(A);
      end
      """)

  static let matlabEigen = Helper(
    name: "eigen_",
    source: """
      function [l, V] = eigen_(A)
        % Ascending eigenvalues, eigenvectors; the largest entry of each vector is positive.
        [V, D] = eig(A);
        [l, order] = sort(diag(D));
        V = V(:, order);
        [~, largest] = max(abs(V), [], 1);
        V = V .* sign(V(sub2ind(size(V), largest, 1:size(V, 2))));
      end
      """)

  static let matlabSVD = Helper(
    name: "svd_",
    source: """
      function [U, s, V] = svd_(A)
        % Thin U, the singular values, V; the largest entry of each column of U is positive.
        [U, S, V] = svd(A, 'econ');
        s = diag(S);
        [~, largest] = max(abs(U), [], 1);
        signs = sign(U(sub2ind(size(U), largest, 1:size(U, 2))));
        U = U .* signs;
        V = V .* signs;
      end
      """)

  /// One output of a function that has several.
  static let matlabOutput = Helper(
    name: "output_",
    source: """
      function value = output_(place, f, varargin)
        % One of the outputs of f.
        values = cell(1, place);
        [values{:}] = f(varargin{:});
        value = values{place};
      end
      """)

  static let matlabFrechetDerivative = Helper(
    name: "frechet_derivative_",
    source: """
      function L = frechet_derivative_(f, A, E)
        % The derivative of a matrix function at A in the direction E (Higham 2008, 3.16).
        n = size(A, 1);
        F = f([A, E; zeros(n), A]);
        L = F(1:n, n + 1:end);
      end
      """)

  static let matlabPatches = Helper(
    name: "im2col_",
    source: """
      function P = im2col_(X, height, width, stride, padding)
        % The patches of an image as rows, in scan order.
        padded = zeros(size(X) + 2 * padding);
        padded(padding + 1:end - padding, padding + 1:end - padding) = X;
        tops = 1:stride:size(padded, 1) - height + 1;
        lefts = 1:stride:size(padded, 2) - width + 1;
        P = zeros(numel(tops) * numel(lefts), height * width);
        k = 0;
        for i = tops
          for j = lefts
            k = k + 1;
            P(k, :) = reshape(padded(i:i + height - 1, j:j + width - 1)', 1, []);
          end
        end
      end
      """)

  static let matlabFromPatches = Helper(
    name: "col2im_",
    source: """
      function X = col2im_(P, rows, columns, height, width, stride, padding)
        % The adjoint of im2col_: each patch is added where it was taken.
        padded = zeros(rows + 2 * padding, columns + 2 * padding);
        k = 0;
        for i = 1:stride:size(padded, 1) - height + 1
          for j = 1:stride:size(padded, 2) - width + 1
            k = k + 1;
            patch = reshape(P(k, :), width, height)';
            padded(i:i + height - 1, j:j + width - 1) = ...
              padded(i:i + height - 1, j:j + width - 1) + patch;
          end
        end
        X = padded(padding + 1:end - padding, padding + 1:end - padding);
      end
      """)

  static let matlabConvolution = Helper(
    name: "correlate_",
    source: """
      function Y = correlate_(X, W, stride, padding)
        % The cross-correlation of X, padded by zeros down and along, with the filter W.
        padded = zeros(size(X) + 2 * padding);
        padded(padding(1) + 1:end - padding(1), padding(2) + 1:end - padding(2)) = X;
        Y = conv2(padded, rot90(W, 2), 'valid');
        Y = Y(1:stride:end, 1:stride:end);
      end
      """)
}
