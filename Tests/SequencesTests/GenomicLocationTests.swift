import Runtime
import Sequences
import Testing

@Suite struct GenomicLocationTests {
  @Test(arguments: [
    ("chr1:100-200", "chr1:100-200"), ("chr1:100-200(+)", "chr1:100-200(+)"), ("X:0-5(-)", "X:0-5(-)"),
    ("peak7::chr1:100-200(-)", "chr1:100-200(-)"), ("a::b::chr2:7-9", "chr2:7-9"),
    ("hg38:chr1:100-200", "chr1:100-200"), ("GRCh38:1:100-200", "1:100-200"),
    ("sacCer3:chrIV:5-6(.)", "chrIV:5-6"), ("chr1:100-200_shuffled", "chr1:100-200"),
    ("chr1:100-200(+)_shuffled", "chr1:100-200(+)"), ("p::hg19:chrX:1-2/1", "chrX:1-2"),
    ("HLA-A*01:01:5-9", "HLA-A*01:01:5-9"), ("chr1:100-100", "chr1:100-100"),
    ("chr1_gl000191_random:3-8", "chr1_gl000191_random:3-8"), ("chr3:5-9|gene:DUX4", "chr3:5-9"),
  ])
  func namesThatCarryALocation(name: String, canonical: String) throws {
    let location = try #require(GenomicLocation(name: name))
    #expect(location.name == canonical)
    #expect(GenomicLocation(name: canonical) == location)
  }

  @Test(arguments: [
    "peak7", "chr1", "chr1:", "chr1:100", "chr1:100-", "chr1:200-100", ":1-2", "::1-2", "chr1:1-2x",
    "chr1:1-2(*)", "chr1:1-2(+", "chr1:-1-5", "chr1:1-99999999999999999999", "", "chr1:٣-٥",
  ])
  func otherNames(name: String) { #expect(GenomicLocation(name: name) == nil) }

  @Test func partsOfALocation() {
    let forward = GenomicLocation(chromosome: "chr1", start: 100, end: 200)
    #expect(forward.part(3..<9, strand: .reverse).name == "chr1:103-109(-)")
    let reverse = GenomicLocation(chromosome: "chr1", start: 100, end: 200, strand: .reverse)
    #expect(reverse.part(3..<9, strand: .forward).name == "chr1:191-197(-)")
    #expect(reverse.part(3..<9, strand: .reverse).name == "chr1:191-197(+)")
    #expect(reverse.part(0..<100).name == "chr1:100-200")
  }

  @Test func neighborsDoNotOverlap() {
    let first = GenomicLocation(chromosome: "chr1", start: 10, end: 20)
    func overlaps(_ chromosome: String, _ start: Int, _ end: Int) -> Bool {
      first.overlaps(GenomicLocation(chromosome: chromosome, start: start, end: end))
    }
    #expect(!overlaps("chr1", 20, 30) && !overlaps("chr1", 0, 10) && !overlaps("chr2", 10, 20))
    #expect(overlaps("chr1", 19, 30) && overlaps("chr1", 0, 11) && overlaps("chr1", 12, 13))
    #expect(first.count == 10)
  }

  /// Windows that overlap, also through others, have one group; those that only touch have two.
  @Test func overlapGroups() throws {
    var set = SequenceSet()
    for name in ["chr1:10-20", "chr2:15-25", "chr1:28-40", "chr1:19-29(-)", "chr1:40-50", "chr2:25-30"] {
      set.append([0, 1], name: name)
    }
    #expect(try set.overlapGroups() == [0, 1, 0, 0, 2, 3])
    set.append([0, 1], name: "peak")
    #expect(throws: InputError.self) { try set.overlapGroups() }
  }
}
