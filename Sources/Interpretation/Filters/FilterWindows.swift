import NeuralNetworks
import Runtime

/// Which bases each position of a convolution's output sees: windows of equal width, a constant step apart.
///
/// Windows of a padded layer reach beyond the sequence; the bases out there are unknown.
struct FilterWindows: Equatable, Sendable {
  /// Bases of a window, the receptive field.
  let width: Int
  /// Bases from one window to the next.
  let stride: Int
  /// Bases of the first window that lie before the sequence.
  let left: Int
  /// Windows of a sequence.
  let count: Int

  /// Index of the first base of a window, negative before the sequence.
  func start(_ position: Int) -> Int { position * stride - left }
}

extension Network {
  /// The windows of the convolution at index `layer`.
  ///
  /// Throws `InputError` if there is no convolution, or none of the sequence's positions are left in it.
  func filterWindows(_ layer: Int) throws -> FilterWindows {
    _ = try convolution(layer)
    guard let field = architecture.receptiveField(of: layer) else {
      throw InputError("the positions of layer \(architecture.names[layer]) are not those of the sequence")
    }
    let first = (field.center - Double(field.size - 1) / 2).rounded()
    return FilterWindows(
      width: field.size, stride: field.stride, left: -Int(first), count: architecture.shapes[layer].length)
  }
}
