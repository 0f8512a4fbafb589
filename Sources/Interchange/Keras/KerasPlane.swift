/// Which axes of a two-dimensional network are positions, bases and channels.
///
/// Networks on DNA before Keras had one-dimensional layers see a sequence as a picture of 4 × length with one channel, or of
/// 1 × length with four.
struct KerasPlane {
  /// The axis of positions: 0 rows, 1 columns.
  let positions: Int
  /// Whether the bases are the other axis of the picture (up to the first convolution), not its channels.
  let hasBasesAsRows: Bool
  let isChannelsFirst: Bool

  /// - Parameter input: sizes without the batch; `nil` is any.
  init?(input: [Int?]) {
    switch (input[0], input[1], input[2]) {
    case (1, 4, _) where input[2] != 1: (positions, hasBasesAsRows, isChannelsFirst) = (1, true, true)
    case (1, _, 4): (positions, hasBasesAsRows, isChannelsFirst) = (1, false, false)
    case (4, 1, _) where input[2] != 1: (positions, hasBasesAsRows, isChannelsFirst) = (1, false, true)
    case (4, _, 1):
      (positions, hasBasesAsRows, isChannelsFirst) = (input[1] == 1 ? (0, false, true) : (1, true, false))
    case (_, 4, 1): (positions, hasBasesAsRows, isChannelsFirst) = (0, true, false)
    case (_, 1, 4): (positions, hasBasesAsRows, isChannelsFirst) = (0, false, false)
    default: return nil
    }
  }

  func length(_ input: [Int?]) -> Int? {
    let rows = isChannelsFirst ? input[1] : input[0]
    let columns = isChannelsFirst ? input[2] : input[1]
    return positions == 0 ? rows : columns
  }

  /// The sizes along positions and across them.
  func split(_ sizes: [Int]) -> (along: Int, across: Int)? {
    guard sizes.count == 2 else { return nil }
    return positions == 0 ? (sizes[0], sizes[1]) : (sizes[1], sizes[0])
  }
}
