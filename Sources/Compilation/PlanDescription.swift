import CKernels

/// The plan as a reader wants it: one instruction a line, with what it costs.
extension Program {
  /// The number of additions and multiplications of a call; a function of an entry counts as one.
  public var operations: Int { plan.lines.reduce(0) { $0 + $1.operations } }

  /// The bytes that a call reads and writes at least: its inputs and outputs.
  public var dataBytes: Int {
    precision.byteCount * (inputs.reduce(0) { $0 + $1.count } + outputs.reduce(0) { $0 + $1.count })
  }

  /// One instruction a line, such as `gemv X'*r → gradient w  2000000 flops`.
  public var planText: String {
    let names = plan.names(inputs, outputs)
    let width = plan.lines.map { $0.text(names).count }.max() ?? 0
    let lines = plan.lines.map { line in
      let text = line.text(names)
      let indent = line.isInSweep ? "  " : ""
      let gap = String(
        repeating: " ", count: max(width + 2 - text.count - indent.count, 2))
      return line.operations > 0 ? indent + text + gap + "\(line.operations) flops" : indent + text
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Plan {
  struct Line {
    var operation: String
    var operands: [Address]
    var results: [Address]
    var operations: Int
    var isInSweep: Bool

    func text(_ names: (Address) -> String) -> String {
      let sources = operands.map(names).joined(separator: ", ")
      let targets = results.map(names).joined(separator: ", ")
      return [operation, sources, targets.isEmpty ? "" : "→ \(targets)"]
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  /// What a place is called: a variable, an output, or the position in the workspace.
  func names(
    _ inputs: [Program.Argument], _ outputs: [Program.Argument]
  ) -> (Address) -> String {
    { address in
      let space = Int(address.space)
      let name =
        space == 0
        ? "t\(address.offset)"
        : space <= inputs.count
          ? inputs[space - 1].name
          : space <= inputs.count + outputs.count
            ? outputs[space - 1 - inputs.count].name : "own t\(address.offset)"
      let isArgument = space > 0 && space <= inputs.count + outputs.count
      return isArgument && address.offset > 0 ? "\(name)+\(address.offset)" : name
    }
  }

  var lines: [Line] {
    var result: [Line] = []
    var sweepEnd = 0
    var branches: [Int: Int] = [:]
    var (samples, block) = (0, 0)
    for (position, instruction) in instructions.enumerated() {
      if case .loop(let end, let count, let size) = instruction {
        (sweepEnd, samples, block) = (end, count, size)
        result.append(
          Line(
            operation: "for \(samples) samples, \(block) at a time"
              + (parts > 1 ? ", in \(parts) parts at once:" : ":"), operands: [], results: [],
            operations: 0, isInSweep: false))
        continue
      }
      if case .branches(let first, let count, let end) = instruction {
        sweepEnd = end
        for lane in 0..<count { branches[branchStarts[first + lane]] = lane }
        continue
      }
      if let lane = branches[position] {
        result.append(
          Line(
            operation: "\(lane == 0 ? "at once" : "and at once"):", operands: [], results: [],
            operations: 0, isInSweep: false))
      }
      var line = self.line(instruction, samples)
      line.isInSweep = position < sweepEnd
      result.append(line)
    }
    return result
  }

  private func line(_ instruction: Instruction, _ samples: Int) -> Line {
    func size(_ extent: Extent) -> Int { extent.count < 0 ? samples : extent.count }
    func make(
      _ operation: String, _ operands: [Address], _ results: [Address], _ operations: Int = 0
    ) -> Line {
      Line(
        operation: operation, operands: operands, results: results, operations: operations,
        isInSweep: false)
    }
    switch instruction {
    case .loop, .branches: return make("", [], [])
    case .follow(let maximum, let state): return make("follow", [maximum], [state], 1)
    case .rescale(let target, _, let state): return make("rescale", [state], [target])
    case .combine(_, let source, let target, let count, _):
      return make("combine parts", [source], [target], count * (parts - 1))
    case .pass(let index, let first, let extent, let columns):
      return pass(index, first, size(extent) * size(columns))
    case .gemm(let form):
      let flops = 2 * size(form.m) * size(form.n) * size(form.k)
      let name = form.isSymmetric ? "syrk" : "gemm"
      let flags = (form.transposesA ? "T" : "N") + (form.transposesB ? "T" : "N")
      return make(
        "\(name) \(flags)", [form.a.address, form.b.address], [form.c.address],
        form.isSymmetric ? flops / 2 : flops)
    case .gemv(let form) where form.structure != .general:
      let name = form.structure == .symmetric ? "symv" : "trmv"
      return make(
        "\(name) \(form.transposes ? "T" : "N")", [form.a.address, form.x], [form.y],
        (form.structure == .symmetric ? 2 : 1) * size(form.m) * size(form.n))
    case .trmm(let form):
      return make(
        "trmm \(form.isLeft ? "left" : "right") \(form.transposesA ? "T" : "N")",
        [form.a.address, form.b.address], [form.c],
        form.m * form.n * (form.isLeft ? form.m : form.n))
    case .triangular(let form): return triangular(form)
    case .gemv(let form):
      return make(
        "gemv \(form.transposes ? "T" : "N")", [form.a.address, form.x], [form.y],
        2 * size(form.m) * size(form.n))
    case .gemvPair(let form):
      return make(
        "gemv N and T", [form.a, form.x, form.u], [form.y, form.z], 4 * form.m * form.n)
    case .norm(let x, let count, let result): return make("norm", [x], [result], 2 * count)
    case .widen(let form): return make("widen", [form.source], [form.target])
    case .copy(let form): return make("copy", [form.source], [form.target])
    case .addDiagonal(let order, let entries, _, let target):
      return make("add to diagonal", [entries], [target], order)
    case .fill(let value, let target, _): return make("fill \(value)", [], [target])
    case .triangle(_, _, _, let source, let target): return make("triangle", [source], [target])
    case .kronecker(let form):
      let factors = (0..<form.count).flatMap {
        [terms[form.terms + $0].a, terms[form.terms + $0].b]
      }
      return make(
        "kron", factors, [form.target], form.count * form.m * form.n * form.p * form.q)
    case .contract(let form): return contraction(form)
    case .patches(let form): return make("patches", [form.source], [form.target])
    case .factor(let form):
      let cube = form.order * form.order * form.order
      return make(
        form.isCholesky ? "potrf" : "getrf", [form.source], [form.factors],
        form.isCholesky ? cube / 3 : 2 * cube / 3)
    case .logdet(let form, let isOfDeterminant, let result):
      return make(
        isOfDeterminant ? "log det" : "logdet", [form.factors], [result], form.order)
    case .solve(let form):
      let square = form.factor.order * form.factor.order
      guard let right = form.right else {
        return make(
          form.factor.isCholesky ? "potri" : "getri", [form.factor.factors], [form.target],
          form.factor.order * square * (form.factor.isCholesky ? 2 : 4) / 3)
      }
      if form.isHalf {
        return make(
          "trsm N", [form.factor.factors, right], [form.target], square * form.columns)
      }
      return make(
        form.factor.isCholesky ? "potrs" : "getrs", [form.factor.factors, right], [form.target],
        2 * square * form.columns)
    case .reference(let index):
      let call = references[index]
      return make(
        "evaluate \(call.primitive.rawValue)", call.operands.map(\.address), [call.target])
    }
  }

  private func contraction(_ form: Instruction.ContractionForm) -> Line {
    let loops = (0..<form.count).reduce(1) { $0 * Int(axes[form.loops + $1].size) }
    guard let product = form.product else {
      return Line(
        operation: "contract", operands: [form.a, form.b], results: [form.target],
        operations: loops, isInSweep: false)
    }
    let name = product.isSymmetric ? "syrk" : "gemm"
    let flops = 2 * loops * product.rows.size * product.columns.size * product.inner.size
    return Line(
      operation: loops > 1 ? "\(loops) × \(name)" : name, operands: [form.a, form.b],
      results: [form.target], operations: product.isSymmetric ? flops / 2 : flops,
      isInSweep: false)
  }

  private func triangular(_ form: Instruction.TriangularForm) -> Line {
    let square = form.order * form.order
    let isDiagonal = form.structure == .diagonal
    let (name, operands, flops) =
      switch form.task {
      case .solve:
        (
          isDiagonal ? "divide by diagonal" : "trsm \(form.transposes ? "T" : "N")",
          [form.matrix, form.right],
          (isDiagonal ? form.order : square) * form.columns
        )
      case .inverse:
        (
          isDiagonal ? "invert diagonal" : "trtri", [form.matrix],
          isDiagonal ? form.order : form.order * square / 3
        )
      case .logdet: ("logdet", [form.matrix], form.order)
      }
    return Line(
      operation: name, operands: operands, results: [form.target], operations: flops,
      isInSweep: false)
  }

  private func pass(_ index: Int, _ first: Int, _ entries: Int) -> Line {
    let pass = passes[index]
    var steps: [String] = []
    var written: Set<Int32> = []
    for position in 0..<Int(pass.stepCount) {
      let step = pass.steps[position]
      written.insert(pass.operands[Int(step.result)].slot)
      steps.append(step.text)
    }
    let addresses = (0..<slotCounts[index]).map { slots[first + $0] }
    var sources: [Address] = []
    var targets: [Address] = []
    for (slot, address) in addresses.enumerated() {
      if written.contains(Int32(slot)) { targets.append(address) } else { sources.append(address) }
    }
    return Line(
      operation: "pass [\(steps.joined(separator: " "))]", operands: sources, results: targets,
      operations: Int(pass.stepCount) * entries, isInSweep: false)
  }
}

extension FKStep {
  /// `exp`, `+`, `sum`: what it does to an entry.
  fileprivate var text: String {
    switch kind {
    case FKStepUnary: String(cString: fk_unary_name(FKUnary(UInt32(operation))))
    case FKStepBinary: String(cString: fk_binary_name(FKBinary(UInt32(operation))))
    case FKStepMultiplyAdd: "fma"
    default: String(cString: fk_reduction_name(FKReduction(UInt32(operation))))
    }
  }
}
