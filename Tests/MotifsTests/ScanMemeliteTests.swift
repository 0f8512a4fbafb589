import Motifs
import Sequences
import Testing

/// Hits of memelite 0.5.0, made by:
/*
import numpy
from memelite import fimo

FOXO1 = [[93, 80, 130, 197], [48, 155, 128, 169], [30, 226, 127, 117], [20, 239, 85, 156], [3, 6, 7, 484],
         [16, 17, 459, 8], [2, 93, 8, 397], [5, 15, 31, 449], [6, 20, 111, 363], [202, 112, 26, 160],
         [3, 346, 26, 125], [113, 132, 88, 167]]
EBOX = [[5, 5, 5, 5], [0, 20, 0, 0], [20, 0, 0, 0], [1, 17, 1, 1], [1, 1, 17, 1], [0, 0, 0, 20], [0, 0, 20, 0], [7, 3, 5, 5]]

state, codes = 7, []
for _ in range(30000):
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    codes.append(state >> 62)
sequences = numpy.zeros((1, 4, len(codes)), dtype=numpy.int8)
sequences[0, codes, numpy.arange(len(codes))] = 1
motifs = {name: (numpy.array(rows) / numpy.sum(rows, axis=1, keepdims=True)).T for name, rows in
          [("foxo1", FOXO1), ("ebox", EBOX)]}
for table in fimo(motifs, sequences, threshold=0.0004):
    table = table.sort_values(["start", "strand"])
    for row in table.itertuples(index=False):
        print(row[0], row[3], row[5], "%.12g %.12g" % (row[6], row[7]))
*/
private let golden: [(motif: String, start: Int, strand: String, score: Double, pValue: Double)] = [
  ("foxo1", 498, "-", 9.2567831524, 0.000320553779602),
  ("foxo1", 1407, "+", 10.2095778704, 0.000155627727509),
  ("foxo1", 2228, "+", 9.74978424028, 0.000225901603699),
  ("foxo1", 2776, "+", 11.1000439868, 6.96778297424e-05),
  ("foxo1", 4155, "-", 10.0008585928, 0.000180304050446),
  ("foxo1", 4601, "+", 9.28531334211, 0.000320553779602),
  ("foxo1", 6457, "-", 10.8164651402, 9.32216644287e-05),
  ("foxo1", 7212, "+", 9.60934652641, 0.000244140625),
  ("foxo1", 8440, "+", 10.2879570943, 0.000155627727509),
  ("foxo1", 8972, "-", 11.5032724726, 4.52995300293e-05),
  ("foxo1", 9137, "-", 9.15949133802, 0.00034111738205),
  ("foxo1", 9607, "+", 9.85698764543, 0.000210821628571),
  ("foxo1", 10868, "+", 9.42158040469, 0.000279307365417),
  ("foxo1", 11601, "-", 8.9144577383, 0.000388920307159),
  ("foxo1", 12099, "+", 10.4684716775, 0.000132203102112),
  ("foxo1", 13039, "+", 9.47600238107, 0.000279307365417),
  ("foxo1", 14058, "-", 9.36003651709, 0.00030130147934),
  ("foxo1", 16352, "+", 11.3825682571, 5.72204589844e-05),
  ("foxo1", 18159, "-", 10.5031813663, 0.000121295452118),
  ("foxo1", 20434, "-", 8.91643447816, 0.000388920307159),
  ("foxo1", 22334, "+", 12.0519430994, 2.50339508057e-05),
  ("foxo1", 26779, "-", 10.4158012061, 0.000132203102112),
  ("foxo1", 26964, "+", 9.68595722563, 0.000244140625),
  ("foxo1", 27516, "-", 11.7476545423, 3.61800193787e-05),
  ("foxo1", 29610, "+", 10.3051334422, 0.000142812728882),
  ("foxo1", 29964, "+", 9.53924630805, 0.000260949134827),
  ("ebox", 1728, "+", 10.7965588243, 0.000244140625),
  ("ebox", 1728, "-", 12.0184019091, 6.103515625e-05),
  ("ebox", 3693, "+", 12.0184019091, 6.103515625e-05),
  ("ebox", 3693, "-", 11.5331399048, 0.00018310546875),
  ("ebox", 8210, "+", 11.5331399048, 0.00018310546875),
  ("ebox", 8210, "-", 11.5331399048, 0.00018310546875),
  ("ebox", 18936, "+", 12.0184019091, 6.103515625e-05),
  ("ebox", 18936, "-", 12.0184019091, 6.103515625e-05),
  ("ebox", 19648, "+", 11.5331399048, 0.00018310546875),
  ("ebox", 19648, "-", 11.5331399048, 0.00018310546875),
  ("ebox", 24514, "+", 11.5331399048, 0.00018310546875),
  ("ebox", 24514, "-", 11.5331399048, 0.00018310546875),
]

@Suite("Scanning as memelite does") struct ScanMemeliteTests {
  @Test("the same hits, scores and p-values") func hits() {
    var state: UInt64 = 7
    let codes = (0..<30000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(state >> 62)
    }
    let ebox = CountMatrix(rows: [
      [5, 5, 5, 5], [0, 20, 0, 0], [20, 0, 0, 0], [1, 17, 1, 1], [1, 1, 17, 1], [0, 0, 0, 20], [0, 0, 20, 0],
      [7, 3, 5, 5],
    ])
    let motifs = [.foxo1, Motif(identifier: "ebox", frequencies: ebox.frequencies(), counts: ebox)]
    for (motif, name) in zip(motifs, ["foxo1", "ebox"]) {
      let hits = MotifScanner([ScanMotif(memelite: motif, pValue: 0.0004)]).hits(in: SequenceSet([codes]))
      let expected = golden.filter { $0.motif == name }
      #expect(hits.map(\.start) == expected.map(\.start))
      #expect(hits.map(\.strand.rawValue) == expected.map(\.strand))
      for (hit, expected) in zip(hits, expected) {
        #expect(abs(hit.score - expected.score) < 1e-9)
        #expect(abs(hit.pValue - expected.pValue) < 1e-9 * expected.pValue)
      }
    }
  }
}
