/// y = W·x for W that is mostly zero: blocks of weights, laid out by columns and by rows, so that what changes in few places of x, or of
/// y's gradient, costs little.
struct LinearMap: Sendable {
  /// A dense piece of W that several blocks may share: a row for each input, a column for each output.
  struct Matrix {
    let rows: Int
    let columns: Int
    /// (rows, columns).
    let values: [Double]
  }

  /// Where a matrix stands: its first input, its first output, and its number.
  struct Block {
    let input: Int
    let output: Int
    let matrix: Int
  }

  /// From x to y.
  let forward: Runs
  /// From the gradient of y to that of x.
  let back: Runs

  init(inputs: Int, outputs: Int, matrices: [Matrix], blocks: [Block]) {
    var starts: [Int] = []
    var (weights, turned): ([Double], [Double]) = ([], [])
    for matrix in matrices {
      starts.append(weights.count)
      weights += matrix.values
      for column in 0..<matrix.columns {
        for row in 0..<matrix.rows { turned.append(matrix.values[row * matrix.columns + column]) }
      }
    }
    forward = Runs(
      inputs, weights: weights,
      blocks: blocks.map { block in
        let matrix = matrices[block.matrix]
        return Runs.Block(
          from: block.input, rows: matrix.rows, to: block.output, columns: matrix.columns,
          weights: starts[block.matrix])
      })
    back = Runs(
      outputs, weights: turned,
      blocks: blocks.map { block in
        let matrix = matrices[block.matrix]
        return Runs.Block(
          from: block.output, rows: matrix.columns, to: block.input, columns: matrix.rows,
          weights: starts[block.matrix])
      })
  }

  /// For each number, the stretches of others that it goes to.
  struct Runs: Sendable {
    private struct Run {
      let start: Int32
      let count: Int32
      let weights: Int
    }
    /// Sends `rows` numbers from `from` on to `columns` numbers from `to` on.
    fileprivate struct Block { let from, rows, to, columns, weights: Int }
    private var firsts: [Int]
    private var runs: [Run]
    private let weights: [Double]

    fileprivate init(_ count: Int, weights: [Double], blocks: [Block]) {
      self.weights = weights
      var next = [Int](repeating: 0, count: count + 1)
      for block in blocks { for row in 0..<block.rows { next[block.from + row + 1] += 1 } }
      for place in 0..<count { next[place + 1] += next[place] }
      firsts = next
      runs = Array(repeating: Run(start: 0, count: 0, weights: 0), count: next[count])
      for block in blocks {
        for row in 0..<block.rows {
          runs[next[block.from + row]] = Run(
            start: Int32(block.to), count: Int32(block.columns), weights: block.weights + row * block.columns)
          next[block.from + row] += 1
        }
      }
    }

    /// Calls `body` with each stretch that a number goes to and the weights of its places.
    @inline(__always)
    func forEach(_ place: Int, _ body: (_ start: Int, _ count: Int, _ weights: UnsafePointer<Double>) -> Void)
    {
      weights.withUnsafeBufferPointer { weights in
        runs.withUnsafeBufferPointer { runs in
          for index in firsts[place]..<firsts[place + 1] {
            let run = runs[index]
            body(Int(run.start), Int(run.count), weights.baseAddress! + run.weights)
          }
        }
      }
    }

    /// Adds what the numbers come to.
    func apply(_ numbers: SparseNumbers, to target: SparseNumbers) {
      for place in numbers.places {
        let value = numbers[Int(place)]
        guard value != 0 else { continue }
        forEach(Int(place)) { start, count, weights in
          target.add(value, weights, count: count, from: start)
        }
      }
    }
  }
}
