import Runtime
import Testing

@Suite struct ParallelSortTests {
  @Test func mergesListsOfAnyLength() {
    #expect(Parallel.merged([], []) == [])
    #expect(Parallel.merged([], [1, 2]) == [1, 2])
    #expect(Parallel.merged([1, 3, 3], [2]) == [1, 2, 3, 3])
    #expect(Parallel.merged([3], [1, 3, 4]) == [1, 3, 3, 4])
  }
}
