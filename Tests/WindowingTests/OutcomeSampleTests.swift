import Events
import Statistics
import Testing
import TidewatchTestKit

@testable import Windowing

/// The actual numbers of a pane, and of several.
struct OutcomeSampleTests {
    private static func identifier(_ number: Int) -> EventIdentifier {
        Array("id-\(number)".utf8).withUnsafeBytes { EventIdentifier(hashing: $0) }
    }

    private static func sample(_ numbers: some Sequence<Int>) -> OutcomeSample {
        var sample = OutcomeSample()
        for number in numbers { sample.add(identifier(number), Double(number)) }
        return sample
    }

    @Test func itKeepsThoseWithTheSmallestHashes() {
        let range = 0..<7_000
        let wanted = range.map { (Self.identifier($0), Double($0)) }.sorted { $0.0 < $1.0 }
            .prefix(OutcomeSample.capacity).map(\.1)
        var generator = SeededGenerator(seed: 1)
        #expect(Self.sample(range).numbers == wanted)
        #expect(Self.sample(range.shuffled(using: &generator)).numbers == wanted)
        var parts = Self.sample(0..<2_500)
        parts.merge(Self.sample(2_500..<2_600))
        parts.merge(Self.sample(2_600..<7_000))
        #expect(parts.numbers == wanted)
        #expect(parts[Self.identifier(-1)] == nil)
    }

    @Test func itComesBackFromItsBytes() throws {
        let sample = Self.sample(0..<300)
        let again = try OutcomeSample(serialized: sample.serialized())
        #expect(again == sample && again.serialized() == sample.serialized())
        #expect(throws: (any Error).self) { try OutcomeSample(serialized: Array(sample.serialized().dropLast())) }
    }

    @Test func whatIsNoNumberIsLeftOut() {
        var sample = OutcomeSample()
        sample.add(Self.identifier(0), .nan)
        sample.add(Self.identifier(1), .infinity)
        #expect(sample.isEmpty && sample.numbers.isEmpty)
        sample.add(Self.identifier(2), 1e308)
        sample.add(Self.identifier(2), 5)
        #expect(sample.numbers == [1e308])
    }

    /// Pairs that were written before regressions were estimated have no numbers.
    @Test func olderPairsAreRead() throws {
        var pairs = LabelledPredictions(task: .regression)
        pairs.summary.add(predicted: 1, actual: 2)
        var writer = BinaryWriter()
        writer.write(bytes: pairs.summary.serialized())
        writer.write(bytes: pairs.sample.serialized())
        #expect(try LabelledPredictions(serialized: writer.bytes) == pairs)
        pairs.outcomes.add(Self.identifier(1), 2)
        #expect(try LabelledPredictions(serialized: pairs.serialized()) == pairs)
    }

    /// Order, batches and the number of partitions change no sample of rows; labels find all rows of the sample.
    @Test func rowsOfPredictionsMerge() throws {
        func rows(_ range: Range<Int>) throws -> PredictedRows {
            let messages = range.map { number in
                RetainedPrediction(
                    timeMicroseconds: Int64(number), recordMicroseconds: Int64(number),
                    message: Array(
                        #"{"kind":"prediction","id":"id-\#(number)","model":"m","time":"2026-01-01T00:00:00Z","value":1}"#
                            .utf8))
            }
            return PredictedRows(
                count: Int64(range.count), sample: try #require(PaneRows(learned: messages, capacity: 50)))
        }
        let whole = PanePredictions.regression(try rows(0..<400))
        var parts = PanePredictions.regression(try rows(0..<150))
        parts.merge(.regression(try rows(150..<400)))
        #expect(parts == whole)
        #expect(try PanePredictions(serialized: whole.serialized()) == whole)
        guard case .regression(let found) = whole else { return }
        let labels = Self.sample(0..<400)
        #expect(found.count == 400 && found.sample.rows.count == 50)
        #expect(found.sample.rows.allSatisfy { labels[$0.identifier] != nil })
    }
}
