import Retraining
import Testing
import TidewatchTestKit
import Windowing

@Suite struct TrainingBufferTests {
    private static func rows(_ count: Int, seed: UInt64 = 1) -> [LabelledRow] {
        var factory = RowFactory(seed: seed)
        return factory.binary(count, concept: .positive)
    }

    /// Fills a buffer with the rows in batches of up to eleven.
    private static func filled(_ rows: [LabelledRow], maximum: Int, seconds: Int64, seed: UInt64) -> TrainingBuffer {
        var generator = SeededGenerator(seed: seed)
        var buffer = TrainingBuffer(maximumRows: maximum, windowMicroseconds: seconds * RowFactory.second)
        var rest = rows.shuffled(using: &generator)[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...11, using: &generator)
            buffer.append(Array(rest.prefix(count)))
            rest = rest.dropFirst((count + 1) / 2)
        }
        return buffer
    }

    /// Batches overlap, so that many rows come twice.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func theOrderOfArrivalDoesNotMatter(seed: UInt64) {
        let rows = Self.rows(100)
        #expect(Self.filled(rows, maximum: 1_000, seconds: 1_000, seed: seed).rows == rows)
        #expect(Self.filled(rows, maximum: 30, seconds: 1_000, seed: seed).rows == Array(rows.suffix(30)))
        #expect(Self.filled(rows, maximum: 1_000, seconds: 19, seed: seed).rows == Array(rows.suffix(20)))
        #expect(Self.filled(rows, maximum: 7, seconds: 19, seed: seed).rows == Array(rows.suffix(7)))
    }

    /// Rows of one moment stand in the order of their identifiers.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func tiesAreBrokenByIdentifier(seed: UInt64) {
        var rows = Self.rows(50)
        for index in rows.indices { rows[index].predictionMicroseconds = RowFactory.start }
        let expected = rows.sorted { $0.identifier < $1.identifier }
        #expect(Self.filled(rows, maximum: 20, seconds: 1, seed: seed).rows == Array(expected.suffix(20)))
    }

    @Test func oneIdScoredByTwoVersionsIsKeptTwice() {
        var buffer = TrainingBuffer(maximumRows: 10, windowMicroseconds: .max)
        var row = Self.rows(1)[0]
        buffer.append([row, row])
        row.version = "2"
        buffer.append([row])
        buffer.append([])
        #expect(buffer.rows.map(\.version) == ["1", "2"])
    }
}
