internal import CKernels
import Runtime
import Sequences

/// Throws `InputError` naming the first sequence for which a method found what is no number, as weights near the largest of
/// floats give.
///
/// - Parameter values: (sequences, …) row-major.
func requireNumbers(_ values: [Float], of sequences: SequenceSet, from method: String) throws {
  guard ck_is_finite(Int64(values.count), values) == 0,
    let place = values.firstIndex(where: { !$0.isFinite })
  else { return }
  let name = sequences.name(place / (values.count / sequences.count))
  throw InputError("what \(method) gives for \(name) is \(values[place]), not a number")
}
