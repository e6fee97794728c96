import Foundation
import Registry
import Retraining
import Statistics
import Testing
import Windowing

/// Slow decay: every version is near the one before it, and far from the first.
@Suite struct AnchorDistanceTests {
    private let fixture: RunFixture
    private var factory = RowFactory(seed: 12)

    init() throws { fixture = try RunFixture() }

    private mutating func rows(mean: Double) -> [LabelledRow] {
        var source = RowFactory(seed: UInt64(mean * 10) + 40)
        return source.binary(1_000, concept: .positive).map { row in
            let text = String(decoding: row.message, as: UTF8.self)
            guard let start = text.range(of: "\"amount\":")?.upperBound,
                let end = text[start...].firstIndex(of: ","), let amount = Double(text[start..<end])
            else { return row }
            var moved = row
            moved.message = Array(text.replacingCharacters(in: start..<end, with: "\(amount + mean)").utf8)
            return moved
        }
    }

    @Test mutating func eachRunSaysHowFarItIsFromTheFirstReference() throws {
        var distances: [AnchorDistance] = []
        for mean in [0.0, 0.2, 0.4, 0.6] {
            let outcome = fixture.run(minimumGain: -1).execute(
                model: "fraud", rows: rows(mean: mean), champion: nil, trigger: "schedule", now: 50)
            switch outcome {
            case .accepted(let record, _, _), .rejected(let record, _, _):
                if let distance = record.lineage.anchor { distances.append(distance) }
            case .failed(let reason): Issue.record("\(reason)")
            }
        }
        #expect(distances.map(\.version) == ["2", "2", "2"], "the first run has nothing to be compared with")
        let amounts = distances.compactMap { $0.columns["amount"] }
        #expect(amounts.count == 3 && amounts == amounts.sorted())
        // The PSI of normal laws that lie d standard deviations apart is d².
        #expect(abs((amounts.last ?? 0) - 0.36) < 0.08, "\(amounts)")
        #expect(distances.last?.farthestFirst.first?.column == "amount")
        #expect(abs(distances.last?.columns["country"] ?? 1) < 0.02)
    }
}
