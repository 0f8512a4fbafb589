import Arrays
import Foundation
import HDF5
import Runtime

extension AttributionTracks {
  /// Names under which programs keep one-hot sequences, and attributions.
  private static let sequenceNames = ["arr_0", "sequences", "raw/seq", "one_hot", "ohe", "X"]
  private static let attributionNames = [
    "arr_0", "attributions", "hypothetical_attributions", "hypothetical", "hyp_scores", "shap/seq", "X_attr",
  ]

  /// Reads one-hot sequences and hypothetical attributions, (N, 4, L) or (N, L, 4), of this and other programs.
  ///
  /// NPZ files with one array, with `arr_0` (TF-MoDISco, tangermeme) or with `sequences` and `attributions`; NPY files; HDF5 files of
  /// ChromBPNet and TF-MoDISco (`raw/seq`, `shap/seq`). Both paths may be one file. A position without a base is four equal
  /// numbers.
  ///
  /// - Throws: `InputError` that names the file: another format, several arrays none of which has a known name, shapes that do not
  ///   fit, sequences that are not one-hot, attributions that are not finite.
  public init(sequences path: String, attributions attributionPath: String) throws {
    let files = [(path, Self.sequenceNames), (attributionPath, Self.attributionNames)]
    let arrays = try Parallel.tryMap(files.count) { try Self.array(files[$0].0, names: files[$0].1) }
    let (sequences, attributions) = (arrays[0], arrays[1])
    guard sequences.count == attributions.count, sequences.length == attributions.length else {
      throw InputError(
        file: attributionPath,
        "has \(attributions.count) × \(attributions.length) bases, \(path) has \(sequences.count) × \(sequences.length)"
      )
    }
    let codes = try Self.codes(sequences, file: path)
    do {
      try self.init(codes: codes, hypothetical: attributions.values, length: sequences.length)
    } catch let error as InputError {
      throw InputError(file: attributionPath, error.reason)
    }
  }

  /// Values of an array by sequence, position and base.
  private struct BaseValues {
    let values: [Float]
    let count: Int
    let length: Int
  }

  private static func array(_ path: String, names: [String]) throws -> BaseValues {
    let opening = try WholeFile.prefix(path, 8)
    if opening.starts(with: Array("PK".utf8)) {
      let arrays = try NPZFile.read(path: path, firstOf: names)
      return try baseValues(try choose(arrays, names, file: path), file: path)
    }
    if opening.starts(with: NPYFormat.signature) {
      return try baseValues(try NPYFormat.array(try WholeFile.bytes(path), file: path), file: path)
    }
    guard opening == HDF5File.signature else {
      throw InputError(file: path, "is neither an NPZ, an NPY nor an HDF5 file")
    }
    let root = try HDF5File.read(path: path)
    for name in names {
      if let dataset = root.dataset(name) { return try baseValues(try dataset.array(), file: path) }
    }
    let reasons = root.unread.map { ": \($0.key) \($0.value)" }.sorted().first ?? ""
    throw InputError(
      file: path, "has no dataset \(names.filter { $0.contains("/") }.joined(separator: " or "))\(reasons)")
  }

  private static func choose(_ arrays: [String: TypedArray], _ names: [String], file: String) throws
    -> TypedArray
  {
    if let name = names.first(where: { arrays[$0] != nil }) { return arrays[name]! }
    let numeric = arrays.filter { $0.value.shape.count == 3 }
    guard numeric.count == 1, let only = numeric.first else {
      throw InputError(
        file: file,
        "has the arrays \(arrays.keys.sorted().joined(separator: ", ")); expected one of \(names.joined(separator: ", "))"
      )
    }
    return only.value
  }

  private static func baseValues(_ array: TypedArray, file: String) throws -> BaseValues {
    let shape = array.shape
    guard shape.count == 3, shape[0] > 0, let values = array.floats, shape[1] == 4 || shape[2] == 4,
      shape[1] > 0, shape[2] > 0
    else {
      throw InputError(
        file: file,
        "has an array of shape \(shape); expected (N, 4, L) or (N, L, 4) and one sequence at least")
    }
    if shape[2] == 4, shape[1] != 4 { return BaseValues(values: values, count: shape[0], length: shape[1]) }
    let length = shape[2]
    let turned = [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
      nonisolated(unsafe) let target = buffer.baseAddress!
      Parallel.forEach(shape[0]) { sequence in
        for base in 0..<4 {
          for position in 0..<length {
            target[(sequence * length + position) * 4 + base] =
              values[(sequence * 4 + base) * length + position]
          }
        }
      }
      count = values.count
    }
    return BaseValues(values: turned, count: shape[0], length: length)
  }

  private static let oneHot: [SIMD4<Float>] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]

  private static func codes(_ oneHot: BaseValues, file: String) throws -> [UInt8] {
    try Parallel.tryMap(oneHot.count) { sequence in
      try (0..<oneHot.length).map { position -> UInt8 in
        let first = 4 * (sequence * oneHot.length + position)
        let row = oneHot.values.withUnsafeBufferPointer {
          SIMD4($0[first], $0[first + 1], $0[first + 2], $0[first + 3])
        }
        for base in 0..<4 where row == Self.oneHot[base] { return UInt8(base) }
        guard row == SIMD4(repeating: row[0]) else {
          let values = Array(oneHot.values[first..<first + 4])
          throw InputError(
            file: file, "sequence \(sequence + 1), position \(position + 1): \(values) is not one-hot")
        }
        return 4
      }
    }.flatMap { $0 }
  }

  /// `arr_0` (N, 4, L) one-hot and of hypothetical attributions, as TF-MoDISco and tangermeme read them.
  package var arrays: (sequences: TypedArray, attributions: TypedArray) {
    let shape = [count, 4, length]
    var oneHot = [UInt8](repeating: 0, count: 4 * codes.count)
    var values = [Float](repeating: 0, count: 4 * codes.count)
    for sequence in 0..<count {
      for position in 0..<length {
        let place = sequence * length + position
        if codes[place] < 4 { oneHot[(sequence * 4 + Int(codes[place])) * length + position] = 1 }
        for base in 0..<4 {
          values[(sequence * 4 + base) * length + position] = hypothetical[4 * place + base]
        }
      }
    }
    return (TypedArray(.uint8(oneHot), shape: shape), TypedArray(.float32(values), shape: shape))
  }
}
