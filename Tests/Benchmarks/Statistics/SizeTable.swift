import Foundation

/// What became of one test in one simulation.
enum SizeOutcome: UInt8, Sendable {
    case kept
    /// p ≤ 0.05.
    case rejected
    /// p ≤ 0.01 as well.
    case rejectedClearly
    case insufficient

    init(_ pValue: Double?) {
        guard let pValue else {
            self = .insufficient
            return
        }
        self = pValue <= 0.01 ? .rejectedClearly : pValue <= 0.05 ? .rejected : .kept
    }
}

/// The false alarms of one test on one kind of stream, by window size.
struct SizeRow {
    let test: String
    let stream: SizeStream
    /// From which window size on the approximation holds here, so that `insufficient` would be a refusal without reason.
    var judgedFrom: Int
    private(set) var cells: [(window: Int, judged: Int, at5: Int, at1: Int, insufficient: Int)] = []

    init(test: String, stream: SizeStream, judgedFrom: Int) {
        self.test = test
        self.stream = stream
        self.judgedFrom = judgedFrom
    }

    mutating func add(window: Int, _ outcomes: [SizeOutcome]) {
        let insufficient = outcomes.count { $0 == .insufficient }
        let at1 = outcomes.count { $0 == .rejectedClearly }
        let at5 = at1 + outcomes.count { $0 == .rejected }
        cells.append((window, outcomes.count - insufficient, at5, at1, insufficient))
    }

    /// What contradicts the promise.
    var faults: [String] {
        cells.flatMap { cell in
            var found: [String] = []
            for (level, count) in [(0.05, cell.at5), (0.01, cell.at1)] {
                let most = BinomialBand.largest(trials: cell.judged, probability: level)
                if count > most {
                    found.append(
                        "\(test) on \(stream.rawValue), window \(cell.window): \(count) of \(cell.judged) rejected at "
                            + "\(level), at most \(most) may be")
                }
            }
            if cell.window >= judgedFrom, cell.insufficient > 0 {
                found.append(
                    "\(test) on \(stream.rawValue), window \(cell.window): insufficient in \(cell.insufficient) runs")
            }
            return found
        }
    }

    var text: String {
        let parts = cells.map { cell -> String in
            guard cell.judged > 0 else { return "insufficient".padded(22) }
            func share(_ count: Int, _ level: Double) -> String {
                let isAbove = count > BinomialBand.largest(trials: cell.judged, probability: level)
                return String(format: "%.4f", Double(count) / Double(cell.judged)) + (isAbove ? "!" : " ")
            }
            let refused = Double(cell.insufficient) / Double(cell.judged + cell.insufficient)
            let note = cell.insufficient > 0 ? String(format: "%3.0f%%", 100 * refused) : ""
            return (share(cell.at5, 0.05) + " " + share(cell.at1, 0.01) + " " + note).padded(22)
        }
        return test.padded(24) + stream.rawValue.padded(18) + parts.joined()
    }

    static func header(_ windows: [Int]) -> String {
        "test".padded(24) + "stream".padded(18) + windows.map { "n=\($0): 0.05  0.01".padded(22) }.joined()
    }
}

extension String {
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}

/// The 0.9999 quantile of a binomial count: a test of the right size passes it once in 10,000 cells of the table.
enum BinomialBand {
    static func largest(trials: Int, probability: Double) -> Int {
        guard trials > 0 else { return 0 }
        var logarithm = Double(trials) * log1p(-probability)
        var sum = exp(logarithm)
        var count = 0
        while sum < 0.9999, count < trials {
            logarithm += log(Double(trials - count) / Double(count + 1) * probability / (1 - probability))
            sum += exp(logarithm)
            count += 1
        }
        return count
    }
}
