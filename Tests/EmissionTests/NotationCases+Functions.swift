extension NotationCase {
  /// Functions, constant arrays, names and the rest.
  static let functions: [NotationCase] = [
    NotationCase(
      #"sum(X,1)"#, #"sum(X, 1)"#,
      #"\mathbf{1}^{\top} \mathbf{X}"#),
    NotationCase(
      #"sum(X,2)"#, #"sum(X, 2)"#,
      #"\mathbf{X} \mathbf{1}"#),
    NotationCase(
      #"sum(A.*B)"#, #"sum(A ⊙ B)"#,
      #"\mathbf{1}^{\top} (\mathbf{A} \odot \mathbf{B}) \mathbf{1}"#),
    NotationCase(
      #"mean(X,1)"#, #"mean(X, 1)"#,
      #"\operatorname{mean}_{1}(\mathbf{X})"#),
    NotationCase(
      #"max(x)"#, #"max(x)"#,
      #"\max(\mathbf{x})"#),
    NotationCase(
      #"max(X,2)"#, #"max(X, 2)"#,
      #"\max_{2}(\mathbf{X})"#),
    NotationCase(
      #"max(x,0)"#, #"max(x, 0)"#,
      #"\max(\mathbf{x}, 0)"#),
    NotationCase(
      #"softmax(X,2)"#, #"softmax(X, 2)"#,
      #"\operatorname{softmax}_{2}(\mathbf{X})"#),
    NotationCase(
      #"logsumexp(z) - y'*z"#, #"logsumexp(z) − yᵀz"#,
      #"\operatorname{logsumexp}(\mathbf{z}) - \mathbf{y}^{\top} \mathbf{z}"#),
    NotationCase(
      #"eye(n)"#, #"Iₙ"#,
      #"\mathbf{I}_{n}"#),
    NotationCase(
      #"c*eye(n)"#, #"cIₙ"#,
      #"c \mathbf{I}_{n}"#),
    NotationCase(
      #"ones(n,1)*x'"#, #"ones(n, 1) xᵀ"#,
      #"\mathbf{1}_{n} \mathbf{x}^{\top}"#),
    NotationCase(
      #"x*ones(1,n)"#, #"x ones(1, n)"#,
      #"\mathbf{x} \mathbf{1}_{n}^{\top}"#),
    NotationCase(
      #"zeros(m,n)"#, #"zeros(m, n)"#,
      #"\mathbf{0}_{m \times n}"#),
    NotationCase(
      #"unit(n,i)"#, #"unit(n, i)"#,
      #"\mathbf{e}_{i}"#),
    NotationCase(
      #"commutation(m,n)"#, #"commutation(m, n)"#,
      #"\mathbf{K}_{m,n}"#),
    NotationCase(
      #"duplication(n)"#, #"duplication(n)"#,
      #"\mathbf{D}_{n}"#),
    NotationCase(
      #"col(X,j)"#, #"X[:,j]"#,
      #"\mathbf{X}_{:,j}"#),
    NotationCase(
      #"row(A*B,2)"#, #"(AB)[2,:]"#,
      #"(\mathbf{A} \mathbf{B})_{2,:}"#),
    NotationCase(
      #"entry(X,1,n)"#, #"X[1,n]"#,
      #"\mathbf{X}_{1,n}"#),
    NotationCase(
      #"vector(c)"#, #"vector(c)"#,
      #"c \mathbf{1}"#),
    NotationCase(
      #"matrix(1)"#, #"matrix(1)"#,
      #"\mathbf{1} \mathbf{1}^{\top}"#),
    NotationCase(
      #"khatrirao(A,B)"#, #"khatrirao(A, B)"#,
      #"\mathbf{A} \ast \mathbf{B}"#),
    NotationCase(
      #"cross(x,y)"#, #"x × y"#,
      #"\mathbf{x} \times \mathbf{y}"#),
    NotationCase(
      #"pinv(A)"#, #"A⁺"#,
      #"\mathbf{A}^{+}"#),
    NotationCase(
      #"A\b"#, #"A⁻¹b"#,
      #"\mathbf{A}^{-1} \mathbf{b}"#),
    NotationCase(
      #"A/B"#, #"AB⁻¹"#,
      #"\mathbf{A} \mathbf{B}^{-1}"#),
    NotationCase(
      #"solve(A,b)"#, #"A⁻¹b"#,
      #"\mathbf{A}^{-1} \mathbf{b}"#),
    NotationCase(
      #"[A, B; C, D]"#, #"[A, B; C, D]"#,
      #"\begin{bmatrix} \mathbf{A} & \mathbf{B} \\ \mathbf{C} & \mathbf{D} \end{bmatrix}"#),
    NotationCase(
      #"[1, 0; 2, -1]*x"#, #"[1, 0; 2, −1] x"#,
      #"\begin{bmatrix} 1 & 0 \\ 2 & -1 \end{bmatrix} \mathbf{x}"#),
    NotationCase(
      #"W1*x + beta_hat"#, #"W₁x + β_hat"#,
      #"\mathbf{W}_{1} \mathbf{x} + \hat{\boldsymbol{\beta}}"#),
    NotationCase(
      #"theta1*Sigma"#, #"θ₁Σ"#,
      #"\theta_{1} \boldsymbol{\Sigma}"#),
    NotationCase(
      #"sigma*sigmoid(x)"#, #"σ sigmoid(x)"#,
      #"\sigma \operatorname{sigmoid}(\mathbf{x})"#),
    NotationCase(
      #"polygamma(2,x)"#, #"polygamma(2, x)"#,
      #"\psi^{(2)}(\mathbf{x})"#),
    NotationCase(
      #"trigamma(x)"#, #"trigamma(x)"#,
      #"\psi^{(1)}(\mathbf{x})"#),
    NotationCase(
      #"clip(x,0,1)"#, #"clip(x, 0, 1)"#,
      #"\operatorname{clip}_{0, 1}(\mathbf{x})"#),
    NotationCase(
      #"reshape(x,m,n)"#, #"reshape(x, m, n)"#,
      #"\operatorname{reshape}_{m, n}(\mathbf{x})"#),
    NotationCase(
      #"im2col(X,2,2,1,0)"#, #"im2col(X, 2, 2, 1, 0)"#,
      #"\operatorname{im2col}_{2, 2, 1, 0}(\mathbf{X})"#),
    NotationCase(
      #"conv2d(X,W,1,0)"#, #"conv2d(X, W, 1, 0)"#,
      #"\operatorname{conv2d}_{1, 0}(\mathbf{X}, \mathbf{W})"#),
    NotationCase(
      #"sylvester(A,B,C)"#, #"sylvester(A, B, C)"#,
      #"\operatorname{sylvester}(\mathbf{A}, \mathbf{B}, \mathbf{C})"#),
    NotationCase(
      #"0.5*x"#, #"(1/2)x"#,
      #"\frac{1}{2} \mathbf{x}"#),
    NotationCase(
      #"0.1*x"#, #"0.1x"#,
      #"0.1 \mathbf{x}"#),
    NotationCase(
      #"2*3*x"#, #"2·3x"#,
      #"2 \cdot 3 \mathbf{x}"#),
    NotationCase(
      #"x*2"#, #"x·2"#,
      #"\mathbf{x} \cdot 2"#),
    NotationCase(
      #"d*X"#, #"d X"#,
      #"d \mathbf{X}"#),
    NotationCase(
      #"c*t"#, #"ct"#,
      #"c t"#),
    NotationCase(
      #"loss*x"#, #"loss x"#,
      #"\mathbf{loss} \, \mathbf{x}"#),
    NotationCase(
      #"c/t"#, #"c/t"#,
      #"\frac{c}{t}"#),
    NotationCase(
      #"c/t/N"#, #"(c/t)/N"#,
      #"\frac{c}{t N}"#),
    NotationCase(
      #"(c + t)/(c/t)"#, #"(c + t)/(c/t)"#,
      #"\frac{c + t}{c/t}"#),
    NotationCase(
      #"c^-1"#, #"c⁻¹"#,
      #"c^{-1}"#),
    NotationCase(
      #"c^(N+1)"#, #"c^(N + 1)"#,
      #"c^{N + 1}"#),
    NotationCase(
      #"X*r'"#, #"Xrᵀ"#,
      #"\mathbf{X} \mathbf{r}^{\top}"#),
    NotationCase(
      #"dot(x,y)"#, #"⟨x, y⟩"#,
      #"\langle \mathbf{x}, \mathbf{y}\rangle"#),
    NotationCase(
      #"log(abs(det(X)))"#, #"log(|det(X)|)"#,
      #"\log(\lvert \det(\mathbf{X})\rvert)"#),
    NotationCase(
      #"A^2*x"#, #"A²x"#,
      #"\mathbf{A}^{2} \mathbf{x}"#),
    NotationCase(
      #"(A*B)'"#, #"(AB)ᵀ"#,
      #"(\mathbf{A} \mathbf{B})^{\top}"#),
    NotationCase(
      #"(A*B)^2"#, #"(AB)²"#,
      #"(\mathbf{A} \mathbf{B})^{2}"#),
    NotationCase(
      #"inv(A*B)"#, #"(AB)⁻¹"#,
      #"(\mathbf{A} \mathbf{B})^{-1}"#),
    NotationCase(
      #"tril(A)"#, #"tril(A)"#,
      #"\operatorname{tril}(\mathbf{A})"#),
    NotationCase(
      #"lambdamax(S)"#, #"lambdamax(S)"#,
      #"\lambda_{\max}(\mathbf{S})"#),
    NotationCase(
      #"x'*(A + A')*dx"#, #"xᵀ(A + Aᵀ) dx"#,
      #"\mathbf{x}^{\top} (\mathbf{A} + \mathbf{A}^{\top}) \, \mathrm{d}\mathbf{x}"#),
  ]
}
