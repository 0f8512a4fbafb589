import Arrays
import Runtime

/// A group of an HDF5 file: attributes, groups and datasets by name.
public struct HDF5Group: Sendable {
  public var attributes: [String: TypedArray]
  public var groups: [String: HDF5Group]
  public var datasets: [String: HDF5Dataset]
  /// Members and attributes that are not read, by name, with what is to be said of them.
  public internal(set) var unread: [String: String] = [:]

  public init(
    attributes: [String: TypedArray] = [:], groups: [String: HDF5Group] = [:],
    datasets: [String: HDF5Dataset] = [:]
  ) {
    self.attributes = attributes
    self.groups = groups
    self.datasets = datasets
  }

  /// The group at a path such as `model_weights/conv1d`; `nil` if there is none.
  public func group(_ path: String) -> HDF5Group? {
    path.split(separator: "/").reduce(self as HDF5Group?) { $0?.groups[String($1)] }
  }

  /// The dataset at a path such as `model_weights/conv1d/kernel:0`; `nil` if there is none.
  public func dataset(_ path: String) -> HDF5Dataset? {
    let steps = path.split(separator: "/").map(String.init)
    guard let name = steps.last else { return nil }
    return group(steps.dropLast().joined(separator: "/"))?.datasets[name]
  }
}

/// A dataset: its shape, its attributes, and its values where they are small or were made here.
public struct HDF5Dataset: Sendable {
  public let shape: [Int]
  public var attributes: [String: TypedArray]
  /// Whether `HDF5Writer` shuffles and deflates it, in chunks of about a mebibyte.
  public let isCompressed: Bool
  let content: Content

  enum Content: Sendable {
    case values(TypedArray)
    case stored(HDF5Source, path: String)
  }

  /// A dataset to be written.
  public init(_ array: TypedArray, attributes: [String: TypedArray] = [:], isCompressed: Bool = false) {
    self.init(shape: array.shape, attributes: attributes, content: .values(array), isCompressed: isCompressed)
  }

  init(
    shape: [Int], attributes: [String: TypedArray] = [:], content: Content, isCompressed: Bool = false
  ) {
    self.shape = shape
    self.attributes = attributes
    self.content = content
    self.isCompressed = isCompressed
  }

  /// All values.
  ///
  /// - Parameter limit: the most bytes they may take.
  /// - Throws: `InputError` that names the file when they are damaged or larger.
  public func array(limit: Int = 1 << 32) throws -> TypedArray {
    switch content {
    case .values(let array): array
    case .stored(let source, let path): try source.rows(0..<(shape.first ?? 1), of: path, limit: limit)
    }
  }

  /// The values at the given places of the first axis, so that a dataset larger than memory is read in parts.
  ///
  /// - Throws: `InputError` as `array`, and when there are fewer rows.
  public func rows(_ range: Range<Int>, limit: Int = 1 << 32) throws -> TypedArray {
    switch content {
    case .stored(let source, let path): return try source.rows(range, of: path, limit: limit)
    case .values(let array):
      guard let count = shape.first, range.lowerBound >= 0, range.upperBound <= count else {
        throw InputError("a dataset of shape \(shape) has no rows \(range)")
      }
      let width = shape.dropFirst().reduce(1, *)
      return TypedArray(
        array.values[range.lowerBound * width..<range.upperBound * width],
        shape: [range.count] + shape.dropFirst())
    }
  }
}
