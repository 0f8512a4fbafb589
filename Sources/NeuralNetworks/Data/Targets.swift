import Runtime

/// What a network is to answer: for each sequence one number for each output; NaN where it is not known.
public struct Targets: Equatable, Sendable {
  /// Numbers for each sequence.
  public let outputs: Int
  /// (sequences, outputs), row-major.
  public let values: [Float]

  public init(outputs: Int, values: [Float]) {
    precondition(outputs > 0 && values.count % outputs == 0, "values for every output of every sequence")
    self.outputs = outputs
    self.values = values
  }

  /// Labels 0 and 1 for one output.
  public init(labels: [UInt8]) { self.init(outputs: 1, values: labels.map(Float.init)) }

  /// Class numbers 0..<count as one output for each class, 1 for the sequence's own.
  ///
  /// Throws `InputError` if a number is no class.
  public init(classes labels: [UInt8], count: Int) throws {
    guard let largest = labels.max(), largest < count else {
      throw InputError("labels must be class numbers from 0 to \(count - 1)")
    }
    var values = [Float](repeating: 0, count: labels.count * count)
    for (index, label) in labels.enumerated() { values[index * count + Int(label)] = 1 }
    self.init(outputs: count, values: values)
  }

  /// Number of sequences.
  public var count: Int { values.count / outputs }

  /// The targets of one sequence.
  public subscript(_ index: Int) -> ArraySlice<Float> { values[index * outputs..<(index + 1) * outputs] }

  /// The targets of the sequences at `indices`, in that order.
  public func subset(_ indices: some Collection<Int>) -> Targets {
    Targets(outputs: outputs, values: indices.flatMap { self[$0] })
  }
}
