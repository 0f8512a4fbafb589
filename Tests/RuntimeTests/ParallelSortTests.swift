import Runtime
import Testing

@Suite struct ParallelSortTests {
  @Test(arguments: [0, 1, 4096, 4097, 50_000])
  func sortsAsTheStandardLibraryDoes(_ count: Int) {
    var random = CounterRandom(seed: 1, purpose: .order)
    // Some of them equal.
    let values = random.permutation(count).map { Double($0 % 1000) - 500 }
    #expect(Parallel.sorted(values) == values.sorted())
  }

  @Test func mergesListsOfAnyLength() {
    #expect(Parallel.merged([], []) == [])
    #expect(Parallel.merged([], [1, 2]) == [1, 2])
    #expect(Parallel.merged([1, 3, 3], [2]) == [1, 2, 3, 3])
    #expect(Parallel.merged([3], [1, 3, 4]) == [1, 3, 3, 4])
  }
}
