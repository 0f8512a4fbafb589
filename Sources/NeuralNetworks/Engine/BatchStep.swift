/// A step that needs something of the whole minibatch before it can go on: the batch runner stops there, once on the way
/// forward and once on the way back.
protocol BatchStep: Step {
  /// Takes from its input what the whole minibatch must tell.
  func collect(_ work: Workspace, step: Int, count: Int, shard: Int)
  /// After all shards: `count` sequences were seen. May move parameters that are not trained.
  func settle(count: Int, parameters: UnsafeMutablePointer<Float>)
  /// The same for the gradient of its output.
  func collectGradient(_ work: Workspace, step: Int, count: Int, shard: Int)
  /// Adds the gradients of its parameters.
  func settleGradient(count: Int, parameters: UnsafePointer<Float>, gradients: ShardGradients)
  /// The gradient of its input, when mean and variance depend on it.
  func backwardThroughBatch(_ work: Workspace, step: Int, count: Int)
}

/// Gradients of one step's parameters: those of a minibatch are the sum over shards.
struct ShardGradients {
  /// Those of shard 0.
  let first: UnsafeMutablePointer<Float>
  let shards: Int
  /// Floats from one shard to the next.
  let stride: Int

  subscript(shard: Int) -> UnsafeMutablePointer<Float> { first + shard * stride }
}

/// A step that takes a whole minibatch at a time and shares it out by itself.
protocol WholeStep: Step {
  func forward(whole work: Workspace, step: Int, count: Int, threads: Int)
  /// Overwrites `gradients`.
  func backward(
    whole work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>, threads: Int)
}
