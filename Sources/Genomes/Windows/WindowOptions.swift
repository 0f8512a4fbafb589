import Foundation
import Runtime
import Sequences

/// How windows of one length are cut out of a genome around intervals.
public struct WindowOptions: Sendable {
  /// What lies in a window's middle.
  public enum Center: String, Sendable, CaseIterable {
    /// The summit where the file gives one, otherwise the middle of the interval.
    case automatic
    /// The summit; an interval without one is an error.
    case summits
    /// The middle of the interval.
    case middles
  }

  /// In bases.
  public var length: Int
  public var center = Center.automatic
  /// The most bases by which a window is moved to either side, at random.
  public var jitter = 0
  /// Every window twice, as either strand reads it.
  public var bothStrands = false
  /// Windows that touch one of these are left out.
  public var blacklist: IntervalIndex?
  /// Windows with at least this share of unknown bases are left out (those without any never).
  public var maximumUnknown = 0.1
  /// Of intervals with the same center only the first; ENCODE lists a peak once for each of its summits.
  public var keepsOnlyFirstOfCenter = false
  public var seed: UInt64 = 0

  public init(length: Int) { self.length = length }

  /// The strands that each window is read from.
  var strands: [Strand] { bothStrands ? [.forward, .reverse] : [.unstranded] }

  /// Whether a window with these codes has few enough unknown bases.
  func accepts(_ codes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = codes.baseAddress, memchr(start, Int32(Nucleotide.unknown), codes.count) != nil
    else { return true }
    let unknown = codes.count { $0 == Nucleotide.unknown }
    return Double(unknown) < maximumUnknown * Double(codes.count)
  }
}

/// What became of the intervals.
public struct WindowCounts: Equatable, Sendable {
  public var intervals = 0
  public var kept = 0
  public var beyondEnd = 0
  public var blacklisted = 0
  public var unknown = 0
  public var duplicates = 0

  /// One line for people: `1,594 of 1,605 intervals; left out: 11 beyond a chromosome's end`.
  public var summary: String {
    let reasons = [
      (beyondEnd, "beyond a chromosome's end"), (blacklisted, "on the blacklist"),
      (unknown, "with too many unknown bases"), (duplicates, "with a center seen before"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "windows of \(kept) of \(Words.counted(intervals, "interval"))"
      + (reasons.isEmpty ? "" : "; left out: " + reasons.joined(separator: ", "))
  }

  /// - Throws: `InputError` naming the file of intervals where none is left.
  func requireAny(file: String) throws {
    guard kept > 0 else { throw InputError(file: file, "leaves no window: \(summary)") }
  }
}

/// Windows and the intervals they come from.
public struct Windows: Sendable {
  /// All of one length, named `chromosome:start-end`, with the strand where both are read.
  public var sequences: SequenceSet
  /// Where each lies.
  public var locations: [GenomicLocation]
  /// For each window the number of its interval.
  public var sources: [Int]
  public var counts: WindowCounts
}
