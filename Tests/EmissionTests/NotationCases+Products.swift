extension NotationCase {
  /// Signs, products, fractions, powers and norms.
  static let products: [NotationCase] = [
    NotationCase(
      #"(A + A')*x"#, #"(A + Aᵀ)x"#,
      #"(\mathbf{A} + \mathbf{A}^{\top}) \mathbf{x}"#),
    NotationCase(
      #"x'*A*x"#, #"xᵀAx"#,
      #"\mathbf{x}^{\top} \mathbf{A} \mathbf{x}"#),
    NotationCase(
      #"2*A'*(A*x - b)"#, #"2Aᵀ(Ax − b)"#,
      #"2 \mathbf{A}^{\top} (\mathbf{A} \mathbf{x} - \mathbf{b})"#),
    NotationCase(
      #"X'*(X*w - y)/N"#, #"Xᵀ(Xw − y)/N"#,
      #"\frac{1}{N} \mathbf{X}^{\top} (\mathbf{X} \mathbf{w} - \mathbf{y})"#),
    NotationCase(
      #"a/(a'*x)"#, #"a/(aᵀx)"#,
      #"\frac{\mathbf{a}}{\mathbf{a}^{\top} \mathbf{x}}"#),
    NotationCase(
      #"x/norm2(x)"#, #"x/‖x‖₂"#,
      #"\frac{\mathbf{x}}{\lVert \mathbf{x}\rVert_{2}}"#),
    NotationCase(
      #"X/normF(X)"#, #"X/‖X‖_F"#,
      #"\frac{\mathbf{X}}{\lVert \mathbf{X}\rVert_{F}}"#),
    NotationCase(
      #"sigmoid(w'*x)*(1 - sigmoid(w'*x))*w"#, #"sigmoid(wᵀx)(1 − sigmoid(wᵀx))w"#,
      #"\sigma(\mathbf{w}^{\top} \mathbf{x}) \, (1 - \sigma(\mathbf{w}^{\top} \mathbf{x})) \mathbf{w}"#
    ),
    NotationCase(
      #"diag(softmax(x)) - softmax(x)*softmax(x)'"#, #"diag(softmax(x)) − softmax(x) softmax(x)ᵀ"#,
      #"\operatorname{diag}(\operatorname{softmax}(\mathbf{x})) - \operatorname{softmax}(\mathbf{x}) \operatorname{softmax}(\mathbf{x})^{\top}"#
    ),
    NotationCase(
      #"(1 - tanh(x).^2).*dx"#, #"(1 − tanh(x)∘²) ⊙ dx"#,
      #"(1 - \tanh(\mathbf{x})^{\odot 2}) \odot \mathrm{d}\mathbf{x}"#),
    NotationCase(
      #"inv(X)'"#, #"X⁻ᵀ"#,
      #"\mathbf{X}^{-\top}"#),
    NotationCase(
      #"inv(X')"#, #"X⁻ᵀ"#,
      #"\mathbf{X}^{-\top}"#),
    NotationCase(
      #"-inv(X)'*A'*inv(X)'"#, #"−X⁻ᵀAᵀX⁻ᵀ"#,
      #"-\mathbf{X}^{-\top} \mathbf{A}^{\top} \mathbf{X}^{-\top}"#),
    NotationCase(
      #"det(X)*inv(X)'"#, #"det(X) X⁻ᵀ"#,
      #"\det(\mathbf{X}) \, \mathbf{X}^{-\top}"#),
    NotationCase(
      #"-inv(A)*dA*inv(A)"#, #"−A⁻¹ dA A⁻¹"#,
      #"-\mathbf{A}^{-1} \, \mathrm{d}\mathbf{A} \, \mathbf{A}^{-1}"#),
    NotationCase(
      #"tr(A'*dX)"#, #"tr(Aᵀ dX)"#,
      #"\operatorname{tr}(\mathbf{A}^{\top} \, \mathrm{d}\mathbf{X})"#),
    NotationCase(
      #"(A + A')/2"#, #"(A + Aᵀ)/2"#,
      #"\frac{1}{2} (\mathbf{A} + \mathbf{A}^{\top})"#),
    NotationCase(
      #"(inv(S)*(x - mu)*(x - mu)'*inv(S) - inv(S))/2"#, #"(S⁻¹(x − μ)(x − μ)ᵀS⁻¹ − S⁻¹)/2"#,
      #"\frac{1}{2} (\mathbf{S}^{-1} (\mathbf{x} - \boldsymbol{\mu}) (\mathbf{x} - \boldsymbol{\mu})^{\top} \mathbf{S}^{-1} - \mathbf{S}^{-1})"#
    ),
    NotationCase(
      #"-logdet(S)/2 - (x - mu)'*inv(S)*(x - mu)/2 - c/2*log(2*pi)"#,
      #"−log|det S|/2 − (x − μ)ᵀS⁻¹(x − μ)/2 − (c/2) log(2π)"#,
      #"-\frac{1}{2} \log \lvert \det \mathbf{S}\rvert - \frac{1}{2} (\mathbf{x} - \boldsymbol{\mu})^{\top} \mathbf{S}^{-1} (\mathbf{x} - \boldsymbol{\mu}) - \frac{c}{2} \log(2 \pi)"#
    ),
    NotationCase(
      #"kron(B',A)*vec(X)"#, #"(Bᵀ ⊗ A) vec(X)"#,
      #"(\mathbf{B}^{\top} \otimes \mathbf{A}) \operatorname{vec}(\mathbf{X})"#),
    NotationCase(
      #"A*C ⊗ B*D"#, #"(AC ⊗ B)D"#,
      #"(\mathbf{A} \mathbf{C} \otimes \mathbf{B}) \mathbf{D}"#),
    NotationCase(
      #"A .* B * C"#, #"(A ⊙ B)C"#,
      #"(\mathbf{A} \odot \mathbf{B}) \mathbf{C}"#),
    NotationCase(
      #"A.*(B*C)"#, #"A ⊙ (BC)"#,
      #"\mathbf{A} \odot (\mathbf{B} \mathbf{C})"#),
    NotationCase(
      #"(A.*B)./C"#, #"(A ⊙ B) ⊘ C"#,
      #"(\mathbf{A} \odot \mathbf{B}) \oslash \mathbf{C}"#),
    NotationCase(
      #"1./w"#, #"1 ⊘ w"#,
      #"1 \oslash \mathbf{w}"#),
    NotationCase(
      #"v'*S*v/(v'*v)*v"#, #"(vᵀSv/(vᵀv))v"#,
      #"\frac{\mathbf{v}^{\top} \mathbf{S} \mathbf{v}}{\mathbf{v}^{\top} \mathbf{v}} \mathbf{v}"#),
    NotationCase(
      #"2*(S*v - v'*S*v/(v'*v)*v)/(v'*v)"#, #"2(Sv − (vᵀSv/(vᵀv))v)/(vᵀv)"#,
      #"\frac{2}{\mathbf{v}^{\top} \mathbf{v}} \left(\mathbf{S} \mathbf{v} - \frac{\mathbf{v}^{\top} \mathbf{S} \mathbf{v}}{\mathbf{v}^{\top} \mathbf{v}} \mathbf{v} \right)"#
    ),
    NotationCase(
      #"(x'*y)*B"#, #"(xᵀy)B"#,
      #"(\mathbf{x}^{\top} \mathbf{y}) \mathbf{B}"#),
    NotationCase(
      #"x'*y*z'"#, #"xᵀyzᵀ"#,
      #"\mathbf{x}^{\top} \mathbf{y} \mathbf{z}^{\top}"#),
    NotationCase(
      #"A*(x'*y)*B"#, #"A(xᵀy)B"#,
      #"\mathbf{A} (\mathbf{x}^{\top} \mathbf{y}) \mathbf{B}"#),
    NotationCase(
      #"c*(A*B)"#, #"cAB"#,
      #"c \mathbf{A} \mathbf{B}"#),
    NotationCase(
      #"a*(x'*y)"#, #"axᵀy"#,
      #"\mathbf{a} \mathbf{x}^{\top} \mathbf{y}"#),
    NotationCase(
      #"x^2"#, #"x²"#,
      #"\mathbf{x}^{2}"#),
    NotationCase(
      #"c^2"#, #"c²"#,
      #"c^{2}"#),
    NotationCase(
      #"c^(1/2)"#, #"c^(1/2)"#,
      #"c^{1/2}"#),
    NotationCase(
      #"sqrt(c)"#, #"√c"#,
      #"\sqrt{c}"#),
    NotationCase(
      #"sqrt(x)"#, #"√x"#,
      #"\mathbf{x}^{\odot 1/2}"#),
    NotationCase(
      #"sqrtm(A)"#, #"sqrtm(A)"#,
      #"\mathbf{A}^{1/2}"#),
    NotationCase(
      #"X.^2"#, #"X∘²"#,
      #"\mathbf{X}^{\odot 2}"#),
    NotationCase(
      #"x.^-1"#, #"x∘⁻¹"#,
      #"\mathbf{x}^{\odot -1}"#),
    NotationCase(
      #"(x - y).^2"#, #"(x − y)∘²"#,
      #"(\mathbf{x} - \mathbf{y})^{\odot 2}"#),
    NotationCase(
      #"norm2(x)^2"#, #"‖x‖₂²"#,
      #"\lVert \mathbf{x}\rVert_{2}^{2}"#),
    NotationCase(
      #"norm1(A)"#, #"norm1(A)"#,
      #"\lVert \operatorname{vec}(\mathbf{A})\rVert_{1}"#),
    NotationCase(
      #"norm2(A)"#, #"‖A‖_F"#,
      #"\lVert \mathbf{A}\rVert_{F}"#),
    NotationCase(
      #"norminf(x)"#, #"‖x‖_∞"#,
      #"\lVert \mathbf{x}\rVert_{\infty}"#),
    NotationCase(
      #"nucnorm(A)"#, #"‖A‖_*"#,
      #"\lVert \mathbf{A}\rVert_{*}"#),
    NotationCase(
      #"specnorm(A)"#, #"‖A‖₂"#,
      #"\lVert \mathbf{A}\rVert_{2}"#),
    NotationCase(
      #"normp(x,3)"#, #"‖x‖₃"#,
      #"\lVert \mathbf{x}\rVert_{3}"#),
    NotationCase(
      #"abs(c)"#, #"|c|"#,
      #"\lvert c\rvert"#),
    NotationCase(
      #"exp(-z)/(1 + exp(-z))"#, #"exp(−z)(1 + exp(−z))⁻¹"#,
      #"\exp(-\mathbf{z}) \, (1 + \exp(-\mathbf{z}))^{-1}"#),
    NotationCase(
      #"1/(1 + exp(-c))"#, #"1/(1 + exp(−c))"#,
      #"\frac{1}{1 + \exp(-c)}"#),
    NotationCase(
      #"exp(-c)/(1 + exp(-c))^2"#, #"exp(−c)/(1 + exp(−c))²"#,
      #"\frac{\exp(-c)}{(1 + \exp(-c))^{2}}"#),
    NotationCase(
      #"2/N*X'*(X*w - y)"#, #"(2/N)Xᵀ(Xw − y)"#,
      #"\frac{2}{N} \mathbf{X}^{\top} (\mathbf{X} \mathbf{w} - \mathbf{y})"#),
    NotationCase(
      #"-2*X'*y"#, #"−2Xᵀy"#,
      #"-2 \mathbf{X}^{\top} \mathbf{y}"#),
    NotationCase(
      #"x - (y + z)"#, #"x − (y + z)"#,
      #"\mathbf{x} - (\mathbf{y} + \mathbf{z})"#),
    NotationCase(
      #"x - -y"#, #"x + y"#,
      #"\mathbf{x} + \mathbf{y}"#),
    NotationCase(
      #"x*(-y')"#, #"x(−yᵀ)"#,
      #"\mathbf{x} (-\mathbf{y}^{\top})"#),
    NotationCase(
      #"-(x + y)"#, #"−(x + y)"#,
      #"-(\mathbf{x} + \mathbf{y})"#),
    NotationCase(
      #"-(A*B)"#, #"−AB"#,
      #"-\mathbf{A} \mathbf{B}"#),
    NotationCase(
      #"(-x)'*y"#, #"(−x)ᵀy"#,
      #"(-\mathbf{x})^{\top} \mathbf{y}"#),
    NotationCase(
      #"A - B/2 + 3*C"#, #"A − B/2 + 3C"#,
      #"\mathbf{A} - \frac{1}{2} \mathbf{B} + 3 \mathbf{C}"#),
    NotationCase(
      #"sum(x)*y"#, #"sum(x) y"#,
      #"(\mathbf{1}^{\top} \mathbf{x}) \mathbf{y}"#),
  ]
}
