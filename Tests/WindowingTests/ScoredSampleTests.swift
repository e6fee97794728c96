import Events
import Testing
import TidewatchTestKit
import Windowing

struct ScoredSampleTests {
    @Test func sampledScoresMergeInAnyOrder() throws {
        var generator = SeededGenerator(seed: 5)
        let rows = (0..<6_000).map { number in
            (
                EventIdentifier(high: UInt64.random(in: 0 ... .max, using: &generator), low: UInt64(number)),
                ScoredSample.Row(scores: [Float(number), 0.5], predicted: Int32(number % 2), actual: -1)
            )
        }
        var whole = ScoredSample()
        for (identifier, row) in rows { whole.add(identifier, row) }
        var parts = (0..<4).map { _ in ScoredSample() }
        for (number, (identifier, row)) in rows.shuffled(using: &generator).enumerated() {
            parts[number % 4].add(identifier, row)
        }
        let merged = parts.reversed().reduce(into: ScoredSample()) { $0.merge($1) }
        #expect(merged == whole && whole.rows.count == ScoredSample.capacity)
        #expect(try ScoredSample(serialized: merged.serialized()) == whole)
        #expect(merged.serialized() == whole.serialized())
    }
}
