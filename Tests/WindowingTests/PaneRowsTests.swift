import Events
import Statistics
import Testing
import TidewatchTestKit

@testable import Windowing

@Suite struct PaneRowsTests {
    private static func predictions(_ numbers: Range<Int>) -> [RetainedPrediction] {
        numbers.map { number in
            let text = """
                {"kind":"prediction","id":"p-\(number)","time":\(StreamScript.start),"model":"m",\
                "features":{"x":\(number),"plan":"\(number % 2 == 0 ? "free" : "paid")"}}
                """
            return RetainedPrediction(
                timeMicroseconds: StreamScript.start, recordMicroseconds: StreamScript.start, message: Array(text.utf8))
        }
    }

    @Test func mergedPartsAreTheSampleOfTheWholeInAnyOrder() throws {
        let whole = try #require(PaneRows(learned: Self.predictions(0..<300), capacity: 40))
        let parts = try [0..<10, 10..<150, 140..<300].map {
            try #require(PaneRows(learned: Self.predictions($0), capacity: 40))
        }
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            var merged = parts[order[0]]
            merged.merge(parts[order[1]])
            merged.merge(parts[order[2]])
            #expect(merged == whole)
        }
        #expect(whole.rows.count == 40)
        #expect(
            whole.rows.map(\.identifier)
                == (0..<300).map { EventIdentifier(hashing: "p-\($0)") }.sorted().prefix(40).map(\.self))
        #expect(PaneRows(learned: Self.predictions(0..<5), capacity: 0) == nil)
    }

    @Test func bytesGiveItBackAndDamageIsRefused() throws {
        let rows = try #require(PaneRows(learned: Self.predictions(0..<30), capacity: 20))
        let bytes = rows.serialized()
        #expect(try PaneRows(serialized: bytes) == rows)
        #expect(throws: (any Error).self) { try PaneRows(serialized: Array(bytes.dropLast())) }
    }

    @Test func featuresAreReadColumnByColumn() throws {
        let rows = try #require(PaneRows(learned: Self.predictions(0..<30), capacity: 30))
        let features = rows.features
        #expect(features.count == 30)
        #expect(features.columns.map(\.name) == ["plan", "x"])
        guard case .categories(let codes, let names) = features.columns[0].cells,
            case .numeric(let numbers) = features.columns[1].cells
        else {
            Issue.record("the kinds are wrong: \(features.columns)")
            return
        }
        for (code, number) in zip(codes, numbers) {
            #expect(names[Int(code)] == (Int(number) % 2 == 0 ? "free" : "paid"))
        }
    }

    @Test func closedPanesCarryTheirSample() throws {
        let script = StreamScript(seed: 5, count: 1_000)
        let pipeline = StreamScript.pipeline(StreamScript.catalog())
        for (offset, record) in script.predictions.enumerated() {
            record.value.withUnsafeBytes {
                _ = pipeline.process(
                    $0, from: .predictions, offset: Int64(offset), recordMicroseconds: record.recordMicroseconds)
            }
        }
        let panes = pipeline.closeEverything().driftPanes
        #expect(!panes.isEmpty)
        for pane in panes {
            switch pane.content {
            case .summary(let summary): #expect(pane.rows?.rows.count == min(20, Int(summary.events)))
            case .learning: #expect(pane.rows == nil)
            }
        }
    }
}
