import Frechet

extension Primitive {
  var structureSamples: PrimitiveSamples {
    switch self {
    case .diag:
      PrimitiveSamples([
        "x: vector(n) | diag(x)", "x: row(n) | diag(x)", "x: vector(1) | diag(x)",
        "A: matrix(m,n); x: vector(n) | A*diag(x)*A'",
      ])
    case .diagonal:
      PrimitiveSamples(
        [
          "X: matrix(n,n) | diag(X)", "A: matrix(m,n); X: matrix(n,m) | diag(A*X)",
          "X: matrix(n,n) | diag(X.*X)", "X: matrix(n,n); Y: matrix(n,n) | diag(X + Y')",
        ],
        refused: ["X: matrix(m,n) | diag(X)"])
    case .col:
      PrimitiveSamples(
        ["X: matrix(m,3) | col(X,2)", "X: matrix(m,n) | col(X,n)", "X: matrix(m,n) | col(X*X',1)"],
        refused: ["X: matrix(m,3) | col(X,4)", "X: matrix(m,n) | col(X,0)"])
    case .row:
      PrimitiveSamples(
        ["X: matrix(3,n) | row(X,3)", "X: matrix(m,n) | row(X,m)", "X: matrix(m,n) | row(X'*X,1)"],
        refused: ["X: matrix(3,n) | row(X,4)"])
    case .entry:
      PrimitiveSamples(
        [
          "X: matrix(m,n) | entry(X,1,2)", "X: matrix(m,n) | entry(X,m,n)",
          "x: vector(n) | entry(x,1,1)", "X: matrix(n,n) | entry(X*X,2,1)",
        ],
        refused: ["X: matrix(2,3) | entry(X,3,1)"])
    case .unit: .constant(["x'*unit(n,1)", "unit(n,2)*x'", "diag(unit(n,n)) + x*x'"])
    case .vec:
      PrimitiveSamples([
        "X: matrix(m,n) | vec(X)", "x: vector(n) | vec(x)", "x: row(n) | vec(x)",
        "A: matrix(p,m); X: matrix(m,n) | vec(A*X)", "X: matrix(m,n) | vec(X')",
      ])
    case .reshape:
      PrimitiveSamples(
        [
          "X: matrix(4,3) | reshape(X,2,6)", "X: matrix(m,n) | reshape(X,n,m)",
          "x: vector(6) | reshape(x,2,3)", "X: matrix(m,n) | reshape(X,m*n,1)",
          "X: matrix(m,n) | reshape(X,1,m*n)", "X: matrix(2,6) | reshape(X',4,3)",
        ],
        refused: ["X: matrix(4,3) | reshape(X,5,2)"])
    case .kron:
      PrimitiveSamples([
        "A: matrix(2,3); B: matrix(3,2) | kron(A,B)", "x: vector(m); y: vector(n) | kron(x,y)",
        "x: vector(m); B: matrix(2,3) | kron(x,B)", "A: matrix(2,3); y: row(n) | kron(A,y)",
        "x: row(m); y: row(n) | kron(x,y)", "x: vector(m); y: row(n) | kron(x,y)",
        "c: scalar; B: matrix(m,n) | kron(c,B)", "A: matrix(2,2) | kron(A,A)",
        "A: matrix(m,m) | kron(eye(2),A)",
      ])
    case .khatrirao:
      PrimitiveSamples(
        [
          "A: matrix(m,n); B: matrix(p,n) | khatrirao(A,B)",
          "x: vector(m); y: vector(n) | khatrirao(x,y)",
          "x: row(n); B: matrix(p,n) | khatrirao(x,B)", "A: matrix(m,n) | khatrirao(A,A)",
        ],
        refused: ["A: matrix(m,n); B: matrix(m,p) | khatrirao(A,B)"])
    case .vech:
      PrimitiveSamples(
        ["X: matrix(n,n) | vech(X)", "S: symmetric(n) | vech(S)", "X: matrix(3,3) | vech(X*X')"],
        refused: ["X: matrix(m,n) | vech(X)"])
    case .tril, .triu:
      PrimitiveSamples([
        "X: matrix(n,n) | \(rawValue)(X)", "X: matrix(m,n) | \(rawValue)(X)",
        "X: matrix(n,n) | \(rawValue)(X*X')", "X: matrix(n,n) | tril(triu(X))",
      ])
    case .sym, .skew, .stril, .halftril: .square(rawValue)
    case .eye: .constant(["x*x' + eye(n)", "(eye(n) + x*x')*x", "x + eye*x"])
    case .ones: .constant(["x + ones(n,1)", "x*ones(1,3)", "ones(3,n)*x"])
    case .zeros: .constant(["x + zeros(n,1)", "zeros(3,n)*x"])
    case .constantVector: .constant(["x + vector(2)", "x'*vector(3)"])
    case .constantMatrix: .constant(["x*x' + matrix(2)"])
    case .commutation:
      PrimitiveSamples([
        "X: matrix(m,n) | commutation(m,n)*vec(X)", "X: matrix(m,n) | commutation(m,n)'*vec(X')",
        "x: vector(6) | commutation(2,3)*x", "x: vector(m) | commutation(m,1)*x",
      ])
    case .duplication:
      PrimitiveSamples([
        "S: symmetric(n) | duplication(n)*vech(S)", "x: vector(6) | duplication(3)*x",
        "x: vector(9) | duplication(3)'*x",
      ])
    default: PrimitiveSamples([])
    }
  }

  var solverSamples: PrimitiveSamples {
    switch self {
    case .solve:
      PrimitiveSamples(
        [
          "A: matrix(n,n); B: matrix(n,p) | solve(A,B)",
          "A: matrix(n,n); x: vector(n) | solve(A,x)",
          "S: spd(n); x: vector(n) | solve(S,x)",
        ],
        refused: ["A: matrix(m,n); x: vector(m) | solve(A,x)"])
    case .sylvester:
      PrimitiveSamples(
        ["A: spd(m); B: spd(n); C: matrix(m,n) | sylvester(A,B,C)"],
        refused: ["A: matrix(m,m); B: matrix(n,n); C: matrix(n,m) | sylvester(A,B,C)"])
    case .lyapunov:
      PrimitiveSamples(
        ["A: spd(n); C: matrix(n,n) | lyapunov(A,C)"],
        refused: ["A: matrix(m,m); C: matrix(m,n) | lyapunov(A,C)"])
    case .cross:
      PrimitiveSamples(
        [
          "x: vector(3); y: vector(3) | cross(x,y)", "x: row(3); y: row(3) | cross(x,y)",
          "A: matrix(3,3); x: vector(3) | cross(x,A*x)",
        ],
        refused: ["x: vector(4); y: vector(4) | cross(x,y)"])
    default: PrimitiveSamples([])
    }
  }

  var convolutionSamples: PrimitiveSamples {
    switch self {
    case .im2col:
      PrimitiveSamples(
        [
          "X: matrix(4,5) | im2col(X,2,3)", "X: matrix(5,4) | im2col(X,3,2,2,1)",
          "x: row(6) | im2col(x,1,3)",
        ],
        refused: ["X: matrix(2,2) | im2col(X,3,3)"])
    case .col2im:
      PrimitiveSamples(
        ["P: matrix(9,6) | col2im(P,4,5,2,3)", "P: matrix(9,6) | col2im(P,5,4,3,2,2,1)"],
        refused: ["P: matrix(4,4) | col2im(P,4,5,2,3)"])
    case .conv1d:
      PrimitiveSamples(
        [
          "x: vector(6); w: vector(3) | conv1d(x,w)", "x: row(6); w: row(3) | conv1d(x,w,2,1)",
          "x: vector(n); w: vector(2) | conv1d(x,w)",
        ],
        refused: ["x: vector(2); w: vector(3) | conv1d(x,w)"])
    case .conv2d:
      PrimitiveSamples(
        [
          "X: matrix(4,5); W: matrix(2,3) | conv2d(X,W)",
          "X: matrix(5,4); W: matrix(3,2) | conv2d(X,W,2,1)",
        ],
        refused: ["X: matrix(2,2); W: matrix(3,3) | conv2d(X,W)"])
    default: PrimitiveSamples([])
    }
  }
}
