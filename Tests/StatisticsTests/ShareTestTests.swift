import Foundation
import Statistics
import Testing

@Suite struct ShareTestTests {
    private struct Oracle: Decodable {
        var tails: [[Double]]
        var bounds: [[Double]]
        var outside: [[Double]]
    }

    private func oracle() throws -> Oracle {
        let url = try #require(
            Bundle.module.url(forResource: "shares", withExtension: "json", subdirectory: "Fixtures/quality"))
        return try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: url))
    }

    @Test func agreesWithSciPy() throws {
        let oracle = try oracle()
        for row in oracle.tails {
            let tail = ShareTest.upperTail(hits: Int64(row[0]), count: Int64(row[1]), share: row[2])
            #expect(abs(tail - row[3]) <= 1e-6 * row[3], "\(row): \(tail)")
        }
        for row in oracle.bounds {
            let bound = ShareTest.upperBound(hits: Int64(row[0]), count: Int64(row[1]), error: row[2])
            #expect(abs(bound - row[3]) <= 1e-9, "\(row): \(bound)")
        }
        for row in oracle.outside {
            let share = ShareTest.outsideRange(ofSample: Int64(row[0]), error: row[1])
            #expect(abs(share - row[2]) <= 1e-9, "\(row): \(share)")
        }
    }

    @Test func theEdges() {
        #expect(ShareTest.upperTail(hits: 0, count: 0, share: 0) == 1)
        #expect(ShareTest.upperTail(hits: 1, count: 10, share: 0) == 0)
        #expect(ShareTest.upperTail(hits: 10, count: 10, share: 1) == 1)
        #expect(ShareTest.upperBound(hits: 0, count: 0, error: 0.001) == 1)
        #expect(ShareTest.outsideRange(ofSample: 1, error: 0.001) == 1)
    }
}
