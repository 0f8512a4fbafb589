import Foundation
import NeuralNetworks
import Sequences

/// Hypothetical attributions of one sequence, added up over its references.
struct ReferenceSums {
  private let length: Int
  private var count = 0
  /// Σ m_a − Σ_c reference_c · m_c, (length, 4).
  private var values: [Float]
  /// Sum and sum of squares of the value of the base that is there.
  private var sums: [Double]
  private var squares: [Double]
  /// Whether a reference differs from the sequence.
  private(set) var hasContrast = false
  /// Of the outputs of the references.
  private var outputs = 0.0

  init(length: Int) {
    self.length = length
    values = Array(repeating: 0, count: 4 * length)
    sums = Array(repeating: 0, count: length)
    squares = sums
  }

  /// Adds a reference's multipliers, (length, 4), each times `scale`.
  mutating func add(
    _ multipliers: UnsafePointer<Float>, scale: Float = 1, sequence: UnsafePointer<UInt8>,
    reference: UnsafePointer<UInt8>, output: Float
  ) {
    count += 1
    outputs += Double(output)
    for position in 0..<length {
      let row = multipliers + 4 * position
      let code = Int(reference[position])
      let base = code < 4 ? row[code] : 0
      add(row, less: base, scale: scale, position: position, present: Int(sequence[position]))
      if Int(sequence[position]) != code { hasContrast = true }
    }
  }

  /// As above, with a reference that need not be a sequence: (length, 4) numbers.
  mutating func add(_ multipliers: [Float], sequence: [UInt8], reference: [Float], output: Float) {
    count += 1
    outputs += Double(output)
    multipliers.withUnsafeBufferPointer { multipliers in
      for position in 0..<length {
        let row = multipliers.baseAddress! + 4 * position
        let present = Int(sequence[position])
        var base: Float = 0
        for letter in 0..<4 {
          let share = reference[4 * position + letter]
          if share != 0 { base += share * row[letter] }
          if share != (letter == present ? 1 : 0) { hasContrast = true }
        }
        add(row, less: base, scale: 1, position: position, present: present)
      }
    }
  }

  /// Adds what each base of the sequence has more than that of one reference, (length).
  mutating func add(
    contrasts: UnsafePointer<Float>, sequence: UnsafePointer<UInt8>, reference: UnsafePointer<UInt8>,
    output: Float
  ) {
    count += 1
    outputs += Double(output)
    if !hasContrast { hasContrast = memcmp(sequence, reference, length) != 0 }
    values.withUnsafeMutableBufferPointer { values in
      for position in 0..<length { values[4 * position] += contrasts[position] }
    }
    sums.withUnsafeMutableBufferPointer { sums in
      squares.withUnsafeMutableBufferPointer { squares in
        for position in 0..<length {
          let value = Double(contrasts[position])
          sums[position] += value
          squares[position] += value * value
        }
      }
    }
  }

  /// Turns the contrasts added so far into values of the four bases, given the sum of all references' multipliers, (length, 4):
  /// Σ m_a − Σ m_reference, where the contrasts are Σ m_present − Σ m_reference; without multipliers all four have the contrast.
  mutating func add(multipliers: UnsafePointer<Float>?, sequence: UnsafePointer<UInt8>) {
    for position in 0..<length {
      guard let multipliers else {
        for letter in 1..<4 { values[4 * position + letter] = values[4 * position] }
        continue
      }
      let (row, present) = (multipliers + 4 * position, Int(sequence[position]))
      let contrast = values[4 * position]
      let less = contrast - (present < 4 ? row[present] : 0)
      for letter in 0..<4 {
        values[4 * position + letter] = letter == present ? contrast : row[letter] + less
      }
    }
  }

  private mutating func add(
    _ row: UnsafePointer<Float>, less base: Float, scale: Float, position: Int, present: Int
  ) {
    for letter in 0..<4 { values[4 * position + letter] += scale * (row[letter] - base) }
    if present < 4 {
      let value = Double(scale * (row[present] - base))
      sums[position] += value
      squares[position] += value * value
    }
  }

  /// The mean over references into `columns` (4, length).
  ///
  /// - Returns: Σ attributions of the bases that are there − (output − mean output of the references).
  func finish(sequence: UnsafePointer<UInt8>, output: Float, into columns: UnsafeMutablePointer<Float>)
    -> Float
  {
    let share = 1 / Float(count)
    var sum = 0.0
    for position in 0..<length {
      for letter in 0..<4 { columns[letter * length + position] = values[4 * position + letter] * share }
      let present = Int(sequence[position])
      if present < 4 { sum += Double(columns[present * length + position]) }
    }
    return Float(sum - (Double(output) - outputs / Double(count)))
  }

  /// Standard error over references of the mean of the base that is there, at one position; 0 for a single reference.
  func standardError(_ position: Int) -> Float {
    guard count > 1 else { return 0 }
    let n = Double(count)
    let variance = max(0, squares[position] - sums[position] * sums[position] / n) / (n - 1)
    return Float((variance / n).squareRoot())
  }
}

/// Where attributions of a set of sequences go; each sequence is one thread's.
final class ReferenceTarget: @unchecked Sendable {
  let length: Int
  private let count: Int
  /// (N, 4, length).
  private let values: FloatBuffer
  /// (N).
  private let residuals: FloatBuffer
  /// (N, length).
  private let standardErrors: FloatBuffer
  /// 1 where a reference differs from the sequence, (N).
  private let contrasts: FloatBuffer

  init(count: Int, length: Int) {
    self.length = length
    self.count = count
    values = FloatBuffer(count: 4 * count * length)
    residuals = FloatBuffer(count: count)
    standardErrors = FloatBuffer(count: count * length)
    contrasts = FloatBuffer(count: count)
  }

  /// - Parameter output: of the sequence.
  func store(_ sums: ReferenceSums, _ index: Int, sequence: UnsafePointer<UInt8>, output: Float) {
    contrasts.pointer[index] = sums.hasContrast ? 1 : 0
    residuals.pointer[index] = sums.finish(
      sequence: sequence, output: output, into: values.pointer + index * 4 * length)
    let errors = standardErrors.pointer + index * length
    for position in 0..<length {
      errors[position] = sequence[position] < 4 ? sums.standardError(position) : 0
    }
  }

  func move(to result: inout Attributions, hasErrors: Bool) {
    func array(_ buffer: FloatBuffer) -> [Float] {
      Array(UnsafeBufferPointer(start: buffer.pointer, count: buffer.count))
    }
    result.values = array(values)
    result.residuals = array(residuals)
    result.standardErrors = hasErrors ? array(standardErrors) : []
    result.withoutContrast = (0..<count).filter { contrasts.pointer[$0] == 0 }
  }
}
