import CKernels

/// Patches of images, and their adjoint.
extension Workspace {
  /// Where patches in consecutive rows of the result lie in the image.
  private struct Run {
    var top: Int
    var tops: Int
    var left: Int
    var lefts: Int
  }

  func patches(_ form: Instruction.PatchesForm) {
    if form.isAdjoint { return sumPatches(form) }
    let width = form.form.outputWidth
    let first = form.rows.count < 0 ? sample : 0
    let end = first + count(form.rows)
    // The rest of a row of the image, whole rows, and a part of one.
    var next = first
    while next < end {
      let (top, left) = (next / width, next % width)
      let tops = left == 0 ? max((end - next) / width, 1) : 1
      let lefts = tops > 1 ? width : min(width - left, end - next)
      copy(form, Run(top: top, tops: tops, left: left, lefts: lefts), next - first)
      next += tops > 1 ? tops * width : lefts
    }
  }

  /// - Parameter row: Where they begin in the target.
  private func copy(_ form: Instruction.PatchesForm, _ run: Run, _ row: Int) {
    let (f, source, target) = (form.form, pointer(form.source), pointer(form.target))
    for a in 0..<f.kernelHeight {
      for b in 0..<f.kernelWidth {
        let column = target + row + (a * f.kernelWidth + b) * distance(form.leading)
        let (i, j) = (run.top * f.stride + a - f.padding, run.left * f.stride + b - f.padding)
        if f.padding == 0 {
          fk_copy(
            Int64(run.lefts), Int64(run.tops), 1, source + i + j * f.height,
            Int64(f.stride * f.height), Int64(f.stride), 0, column, 1, Int64(f.outputWidth))
          continue
        }
        for top in 0..<run.tops {
          for left in 0..<run.lefts {
            let (i, j) = (i + top * f.stride, j + left * f.stride)
            let isInside = i >= 0 && i < f.height && j >= 0 && j < f.width
            column[top * f.outputWidth + left] = isInside ? source[i + j * f.height] : 0
          }
        }
      }
    }
  }

  private func sumPatches(_ form: Instruction.PatchesForm) {
    let (f, source, target) = (form.form, pointer(form.source), pointer(form.target))
    fk_fill(0, target, Int64(f.height * f.width))
    for a in 0..<f.kernelHeight {
      for b in 0..<f.kernelWidth {
        let column = source + (a * f.kernelWidth + b) * f.count
        for top in 0..<f.outputHeight {
          let i = top * f.stride + a - f.padding
          guard i >= 0, i < f.height else { continue }
          for left in 0..<f.outputWidth {
            let j = left * f.stride + b - f.padding
            guard j >= 0, j < f.width else { continue }
            target[i + j * f.height] += column[top * f.outputWidth + left]
          }
        }
      }
    }
  }
}
