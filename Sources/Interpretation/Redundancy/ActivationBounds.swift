import Foundation
import NeuralNetworks
import Sequences

/// Between which values every channel of every layer stays, whatever the sequence: interval arithmetic through the network.
///
/// The first convolution sees exactly one base at each position, so its largest pre-activation is bias + Σ max_b w and its
/// smallest bias + Σ min_b w, both reached by some DNA (without an activation function in between these are exact). Every
/// later layer takes each input anywhere in its interval: bounds that hold, but may not be reached. Intervals are
/// widened by what rounding to 32-bit floats can add in any order of summation: γ_n Σ|terms|, γ_n = n u / (1 − n u), u = 2⁻²⁴
/// (Higham 2002, Accuracy and Stability of Numerical Algorithms, §4.2); 64-fold for later convolutions, since Winograd's
/// transforms add up to 26 times the terms.
public struct ActivationBounds: Sendable {
  /// For each layer and channel (or feature after `Flatten`): what its output stays within.
  public var layers: [[ClosedRange<Double>]] { Array(activations.dropFirst()) }
  /// Those of the input, then of each layer's output.
  let activations: [[ClosedRange<Double>]]
}

extension Network {
  /// Bounds of every layer's outputs over all sequences of the network's length.
  ///
  /// - Parameter includesUnknown: Whether unknown bases (N), which add nothing, may occur.
  public func activationBounds(includesUnknown: Bool) -> ActivationBounds {
    // Of all activations; the first is the input.
    var all = [[ClosedRange<Double>](repeating: 0...1, count: 4)]
    for (index, layer) in architecture.layers.enumerated() {
      let input = architecture.inputShape(index)
      let inputs = architecture.sources[index].map { all[$0] }
      var bounds = inputs[0]
      switch layer.kind {
      case .convolution1D(let convolution):
        let (left, right) = convolution.margins(length: input.length)
        let padded = left + right > 0
        if architecture.sources[index] == [0] {
          bounds = oneHotBounds(index, includesNothing: includesUnknown || padded)
        } else {
          // Zeros stand outside the sequence.
          let inputs = padded ? bounds.map { $0.union(0...0) } : bounds
          bounds = sums(
            index, inputs: inputs, taps: convolution.kernelSize, outputs: convolution.filters,
            groups: convolution.groups)
        }
        // Over all sequences, the other strand's scores are the same ones.
        if convolution.reverseComplement == .concatenation { bounds += bounds }
        bounds = bounds.map { convolution.activation.image(of: $0) }
      case .dense(let dense):
        bounds = sums(index, inputs: bounds, taps: 1, outputs: dense.units).map {
          dense.activation.image(of: $0)
        }
      case .flatten: bounds = (0..<input.length).flatMap { _ in bounds }
      case .reshape(let reshape):
        let channels = bounds.count / reshape.length
        bounds = (0..<channels).map { channel in
          (1..<reshape.length).reduce(bounds[channel]) { $0.union(bounds[$1 * channels + channel]) }
        }
      case .globalLogSumExpPooling1D:
        // Not below the largest, nor above it by more than log L.
        let most = log(Double(input.length))
        bounds = bounds.map { interval in
          let ends = interval.lowerBound...interval.upperBound + most
          return ends.widened(by: max(abs(ends.lowerBound), abs(ends.upperBound)) + most, terms: 8)
        }
      case .activation(let activation): bounds = bounds.map { activation.function.image(of: $0) }
      case .averagePooling1D(let pooling): bounds = bounds.map { $0.roundedMean(of: pooling.size) }
      case .globalAveragePooling1D: bounds = bounds.map { $0.roundedMean(of: input.length) }
      case .maxPooling1D, .globalMaxPooling1D, .dropout: break
      case .softmax: bounds = bounds.map { _ in (0.0...1.0).widened(by: 1, terms: bounds.count + 4) }
      case .batchNormalization(let normalization): bounds = normalized(index, normalization, bounds)
      case .concatenate: bounds = inputs.flatMap { $0 }
      case .cropping1D: break
      case .zeroPadding1D: bounds = bounds.map { $0.union(0...0) }
      case .multiplication:
        bounds = inputs.dropFirst().reduce(bounds) { products, other in
          zip(products, other).map { a, b in
            let ends = [a.lowerBound, a.upperBound].flatMap { [$0 * b.lowerBound, $0 * b.upperBound] }
            let product = ends.min()!...ends.max()!
            return product.widened(by: max(abs(product.lowerBound), abs(product.upperBound)), terms: 1)
          }
        }
      case .layerNormalization: bounds = normalizedRows(index, channels: bounds.count)
      // A state is a product of values of σ and tanh, or a mean of such.
      case .recurrent:
        bounds = [ClosedRange<Double>](
          repeating: (-1.0...1.0).widened(by: 1, terms: 8), count: architecture.shapes[index].channels)
      case .transposedConvolution1D(let transposed):
        bounds = sums(
          index, inputs: bounds.map { $0.union(0...0) }, taps: transposed.kernelSize,
          outputs: transposed.filters
        ).map { transposed.activation.image(of: $0) }
      case .addition:
        bounds = inputs.dropFirst().reduce(bounds) { sums, other in
          zip(sums, other).map { a, b in
            let sum = a.lowerBound + b.lowerBound...a.upperBound + b.upperBound
            return sum.widened(by: max(abs(sum.lowerBound), abs(sum.upperBound)), terms: 1)
          }
        }
      }
      all.append(bounds)
    }
    return ActivationBounds(activations: all)
  }

  /// One base at each position, or none where `includesNothing`.
  private func oneHotBounds(_ layer: Int, includesNothing: Bool) -> [ClosedRange<Double>] {
    let kernel = architecture.tensor(layer, .kernel)!
    let filters = kernel.shape[2]
    let (taps, width) = (kernel.shape[0], kernel.shape[1])
    return (0..<filters).map { filter in
      let bias = architecture.tensor(layer, .bias).map { Double(parameters[$0.offset + filter]) } ?? 0
      var (lower, upper, size) = (bias, bias, abs(bias))
      for tap in 0..<taps {
        // Bases outside the filter's group add nothing.
        let group = filter / (filters * width / 4) * width
        var weights = (0..<4).map { base in
          group..<group + width ~= base
            ? Double(parameters[kernel.offset + (width * tap + base - group) * filters + filter]) : 0
        }
        if includesNothing { weights.append(0) }
        lower += weights.min()!
        upper += weights.max()!
        size += weights.map(abs).max()!
      }
      return (lower...upper).widened(by: size, terms: taps + 1)
    }
  }

  private static var winogradGrowth: Int { 64 }

  /// bias + Σ w·x with each x anywhere in its interval.
  private func sums(
    _ layer: Int, inputs: [ClosedRange<Double>], taps: Int, outputs: Int, groups: Int = 1
  ) -> [ClosedRange<Double>] {
    let kernel = architecture.tensor(layer, .kernel)!
    let bias = architecture.tensor(layer, .bias)
    return (0..<outputs).map { output in
      let start = bias.map { Double(parameters[$0.offset + output]) } ?? 0
      var (lower, upper, size) = (start, start, abs(start))
      let width = inputs.count / groups
      let firstInput = output / (outputs / groups) * width
      for row in 0..<taps * width {
        let weight = Double(parameters[kernel.offset + row * outputs + output])
        guard weight != 0 else { continue }
        let interval = inputs[firstInput + row % width]
        let ends = [weight * interval.lowerBound, weight * interval.upperBound]
        lower += ends.min()!
        upper += ends.max()!
        size += ends.map(abs).max()!
      }
      return (lower...upper).widened(
        by: size, terms: (taps * inputs.count + 1) * (taps > 1 ? Self.winogradGrowth : 1))
    }
  }

  /// γ · x̂ + β, where |x̂| ≤ √(C − 1) for C numbers with mean 0 and variance at most 1.
  private func normalizedRows(_ layer: Int, channels: Int) -> [ClosedRange<Double>] {
    let most = Double(max(0, channels - 1)).squareRoot()
    return (0..<channels).map { channel in
      let scale = abs(Double(parameters[architecture.tensor(layer, .scale)!.offset + channel])) * most
      let shift = Double(parameters[architecture.tensor(layer, .shift)!.offset + channel])
      return (shift - scale...shift + scale).widened(by: scale + abs(shift), terms: 2 * channels + 8)
    }
  }

  /// scale · x + shift with the running mean and variance.
  private func normalized(
    _ layer: Int, _ normalization: BatchNormalization, _ inputs: [ClosedRange<Double>]
  ) -> [ClosedRange<Double>] {
    func value(_ role: TensorRole, _ channel: Int) -> Double {
      Double(parameters[architecture.tensor(layer, role)!.offset + channel])
    }
    return inputs.enumerated().map { channel, interval in
      let root = (value(.variance, channel) + normalization.epsilon).squareRoot()
      let scale = value(.scale, channel) / root
      let shift = value(.shift, channel) - value(.mean, channel) * scale
      guard scale != 0 else { return (shift...shift).widened(by: abs(shift), terms: 6) }
      let ends = [scale * interval.lowerBound + shift, scale * interval.upperBound + shift]
      let size =
        abs(scale) * max(abs(interval.lowerBound), abs(interval.upperBound)) + abs(shift)
        + abs(value(.mean, channel) * scale)
      return (ends.min()!...ends.max()!).widened(by: size, terms: 6)
    }
  }
}

extension Activation {
  /// What the function makes of an interval, in 32-bit floats.
  func image(of interval: ClosedRange<Double>) -> ClosedRange<Double> {
    let ends = [value(interval.lowerBound), value(interval.upperBound)]
    // All but three rise everywhere; GELU has one minimum, −0.16997 at −0.7518 (by tanh −0.17004), and SiLU one, −0.27846 at
    // −1.2785.
    let lowest: Double =
      switch self {
      case .gelu where interval.lowerBound < 0: min(ends[0], ends[1], -0.17)
      case .geluTanh where interval.lowerBound < 0: min(ends[0], ends[1], -0.1701)
      case .silu where interval.lowerBound < 0: min(ends[0], ends[1], -0.2785)
      default: ends[0]
      }
    let bounds = min(lowest, ends[1])...max(ends[0], ends[1])
    switch self {
    case .linear, .relu: return bounds
    case .leakyRelu, .leakyReluKeras, .leakyReluTorch, .elu, .selu, .gelu, .geluTanh, .exponential, .softplus,
      .softsign, .sigmoid, .hardSigmoid, .hardSigmoidKeras2, .tanh, .silu:
      return bounds.widened(by: max(abs(bounds.lowerBound), abs(bounds.upperBound)), terms: 4)
    }
  }
}

extension ClosedRange<Double> {
  /// With γ_terms · `size` on both sides: the most that rounding a sum of floats can add.
  fileprivate func widened(by size: Double, terms: Int) -> Self {
    let error = Double(terms) * 0x1p-24
    guard size.isFinite, error < 0.5 else { return -.infinity ... .infinity }
    let margin = error / (1 - error) * size
    return lowerBound - margin...upperBound + margin
  }

  fileprivate func roundedMean(of count: Int) -> Self {
    widened(by: Swift.max(abs(lowerBound), abs(upperBound)), terms: count + 1)
  }

  fileprivate func union(_ other: Self) -> Self {
    Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }
}
