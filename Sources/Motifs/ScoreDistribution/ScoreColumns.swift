import CKernels

/// The dynamic programme over columns: how probable each sum of units is after the first j columns.
///
/// State: the sum (counted from the columns' lowest weights) and, under a first-order background, the base the
/// column ended with. F₀(0) = 1 and F_{j+1}(s, b) = Σ_a F_j(s − offset_j(b), a) · P(b | a).
struct ScoreColumns {
  let grid: ScoreGrid
  let background: BackgroundModel
  /// 1 for independent bases, 4 (the last base) for a chain.
  let states: Int
  /// Columns added so far.
  private(set) var column = 0
  /// Bins that can hold anything so far.
  private(set) var count = 1
  /// (states, stride); bin 0 of a state stands after `padding` zeros, and zeros follow the last bin.
  private var mass: [Double]
  private var next: [Double]
  private let padding: Int
  private let stride: Int
  private let kernels: ScanKernels

  init(_ grid: ScoreGrid, background: BackgroundModel, kernels: ScanKernels = .best) {
    self.grid = grid
    self.background = background
    self.kernels = kernels
    states = background.order == 0 ? 1 : 4
    padding = grid.spans.max()!
    stride = grid.range + 1 + 2 * padding
    mass = [Double](repeating: 0, count: states * stride)
    next = mass
    mass[padding] = 1
  }

  /// The probability of each bin so far with the chain in `state`.
  func masses(state: Int) -> ArraySlice<Double> {
    mass[state * stride + padding..<state * stride + padding + count]
  }

  /// The probability of each bin so far.
  var total: [Double] {
    (1..<states).reduce(into: Array(masses(state: 0))) { sum, state in
      for (bin, value) in masses(state: state).enumerated() { sum[bin] += value }
    }
  }

  /// The probability of `base` in the next column after `state`; before the first column every state is the start.
  func probability(of base: Int, after state: Int) -> Double {
    column == 0 || states == 1 ? background.initial[base] : background.transitions[4 * state + base]
  }

  /// Adds the next column.
  mutating func advance() {
    let grown = count + grid.spans[column]
    for state in 0..<states {
      // Order 0: four bases lead to the one state. Order 1: four last bases lead to the state of one base.
      var starts = [Int](), factors = [Double]()
      for part in 0..<4 {
        let (source, base) = states == 1 ? (0, part) : (part, state)
        let offset = grid.offsets[4 * column + base]
        starts.append(source * stride + padding - max(offset, 0))
        factors.append(offset < 0 ? 0 : probability(of: base, after: source))
      }
      mass.withUnsafeBufferPointer { mass in
        next.withUnsafeMutableBufferPointer { next in
          kernels.mix(
            starts.map { mass.baseAddress! + $0 }, factors,
            into: next.baseAddress! + state * stride + padding,
            count: grown)
        }
      }
    }
    swap(&mass, &next)
    count = grown
    column += 1
  }
}
