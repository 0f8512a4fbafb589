internal import CKernels

/// The activity kernels of one instruction set; all compute the same bits.
package struct ActivityKernels: Sendable, CustomStringConvertible {
  nonisolated(unsafe) let table: UnsafePointer<ck_activity_kernels>

  /// The kernels this machine can run, best first.
  package static let available = (0..<ck_activity_count()).map {
    ActivityKernels(table: ck_activity_table($0))
  }
  package static let best = available[0]

  package var description: String { String(cString: table.pointee.name) }

  /// Maximum, minimum, sum and number above zero of each channel of a map (positions, channels), channels a multiple of 16.
  package func measure(_ map: [Float], positions: Int, channels: Int)
    -> (maximum: [Float], minimum: [Float], sum: [Float], active: [Int32])
  {
    precondition(channels % 16 == 0 && map.count == positions * channels)
    var maximum = [Float](repeating: 0, count: channels)
    var (minimum, sum) = (maximum, maximum)
    var active = [Int32](repeating: 0, count: channels)
    table.pointee.measure(Int32(positions), Int32(channels), map, &maximum, &minimum, &sum, &active)
    return (maximum, minimum, sum, active)
  }

  /// Sums and products of a map (positions, channels) about `center`; of the products (channels, channels) the upper triangle.
  package func products(_ map: [Float], positions: Int, channels: Int, center: [Double])
    -> (sums: [Double], products: [Double])
  {
    precondition(channels % 16 == 0 && map.count == positions * channels && center.count == channels)
    var sums = [Double](repeating: 0, count: channels)
    var products = [Double](repeating: 0, count: channels * channels)
    var scratch = [Double](repeating: 0, count: 32 * channels)
    table.pointee.products(
      Int32(positions), Int32(channels), map, center, &scratch, &sums, &products)
    return (sums, products)
  }

  /// Where the map is above its channel's cut, position by position.
  package func above(_ map: [Float], positions: Int, channels: Int, cuts: [Float]) -> [(
    position: Int, filter: Int
  )] {
    precondition(channels % 16 == 0 && map.count == positions * channels && cuts.count == channels)
    var sites = [activity_site](repeating: activity_site(position: 0, filter: 0), count: map.count)
    let count = table.pointee.above(Int32(positions), Int32(channels), map, cuts, &sites)
    return sites.prefix(Int(count)).map { (Int($0.position), Int($0.filter)) }
  }
}
