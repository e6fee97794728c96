import Foundation
import Statistics

public struct IsolationForestParameters: Codable, Sendable, Equatable {
    public var trees: Int
    /// Rows that each tree sees, drawn without replacement; fewer if the table is smaller.
    public var sampleRows: Int
    /// The share of training rows to call outliers; `nil` for the paper's fixed threshold of 0.5 on the score.
    public var contamination: Double?

    public init(trees: Int = 100, sampleRows: Int = 256, contamination: Double? = nil) {
        self.trees = trees
        self.sampleRows = sampleRows
        self.contamination = contamination
    }

    func validate() throws(LearningError) {
        guard (1...1_000).contains(trees), (2...4_096).contains(sampleRows) else {
            throw invalidStep(
                "an isolation forest of \(trees) trees on \(sampleRows) rows each",
                advice: "Take 1 to 1,000 trees on 2 to 4,096 rows.")
        }
        if let contamination, !(contamination > 0 && contamination <= 0.5) {
            throw invalidStep(
                "the contamination of an isolation forest is \(contamination)", advice: "Set it above 0, at most 0.5.")
        }
    }
}

/// Trees of random splits; a row that few splits set apart is an outlier (Liu, Ting, Zhou 2008, "Isolation Forest").
struct IsolationForest: Codable, Sendable, Equatable {
    /// Nodes of all trees behind one another. A leaf has feature -1 and its expected path length as threshold; the left
    /// child of a split stands right behind it.
    private var features: [Int32] = []
    private var thresholds: [Double] = []
    private var rightChildren: [Int32] = []
    private var roots: [Int32] = []
    /// Per column, for missing cells: its training median.
    private var medians: [Double] = []
    private let sampleRows: Int
    /// The score above which a row is an outlier.
    private(set) var threshold = 0.5

    /// - Parameter cells: column by column; at least one column.
    init(_ cells: [[Double]], parameters: IsolationForestParameters, seed: UInt64) {
        let rows = cells[0].count
        sampleRows = min(parameters.sampleRows, rows)
        for column in cells {
            var present = column.filter { !$0.isNaN }
            medians.append(OrderStatistics.median(&present) ?? 0)
        }
        let maximumDepth = Int(log2(Double(max(2, sampleRows))).rounded(.up))
        var generator = SplitMix(seed: seed)
        for _ in 0..<parameters.trees {
            // The first places of a shuffle, drawn without shuffling the rest (Floyd's choice of a subset).
            var chosen: Set<Int> = []
            var sample: [Int] = []
            for last in (rows - sampleRows)..<rows {
                let drawn = Int.random(in: 0...last, using: &generator)
                let row = chosen.insert(drawn).inserted ? drawn : last
                chosen.insert(row)
                sample.append(row)
            }
            roots.append(Int32(features.count))
            grow(cells, sample, depth: maximumDepth, &generator)
        }
        guard let contamination = parameters.contamination else { return }
        var found = scores(cells, rows: rows)
        threshold = OrderStatistics.quantiles(&found, levels: [1 - contamination]).first ?? 0.5
    }

    /// 2^(−E(path) / c(sample)), in (0, 1]: about 0.5 for ordinary rows, towards 1 for isolated ones.
    func scores(_ cells: [[Double]], rows: Int) -> [Double] {
        let scale = Self.averagePath(sampleRows)
        var scores = [Double](repeating: 0, count: rows)
        for row in 0..<rows {
            var sum = 0.0
            for root in roots { sum += path(cells, row: row, root: Int(root)) }
            let mean = sum / Double(roots.count)
            scores[row] = scale > 0 ? exp2(-mean / scale) : 0.5
        }
        return scores
    }

    /// Children stand behind their parents, so that every path comes to an end.
    func isConsistent(columns: Int) -> Bool {
        guard features.count == thresholds.count, features.count == rightChildren.count, medians.count == columns,
            !roots.isEmpty, roots.allSatisfy({ features.indices.contains(Int($0)) })
        else { return false }
        return features.indices.allSatisfy { node in
            if features[node] < 0 { return true }
            let child = Int(rightChildren[node])
            return Int(features[node]) < columns && child > node + 1 && child < features.count
        }
    }

    private func path(_ cells: [[Double]], row: Int, root: Int) -> Double {
        var node = root
        var depth = 0.0
        while features[node] >= 0 {
            let feature = Int(features[node])
            let number = cells[feature][row]
            let isLeft = (number.isNaN ? medians[feature] : number) <= thresholds[node]
            node = isLeft ? node + 1 : Int(rightChildren[node])
            depth += 1
        }
        return depth + thresholds[node]
    }

    private mutating func grow(_ cells: [[Double]], _ rows: [Int], depth: Int, _ generator: inout SplitMix) {
        let node = features.count
        features.append(-1)
        thresholds.append(Self.averagePath(rows.count))
        rightChildren.append(-1)
        guard depth > 0, rows.count > 1, let split = split(cells, rows, &generator) else { return }
        features[node] = Int32(split.feature)
        thresholds[node] = split.threshold
        grow(cells, rows.filter { cell(cells, split.feature, $0) <= split.threshold }, depth: depth - 1, &generator)
        rightChildren[node] = Int32(features.count)
        grow(cells, rows.filter { cell(cells, split.feature, $0) > split.threshold }, depth: depth - 1, &generator)
    }

    /// A random place in the range of a random column; columns that are constant here are passed over.
    private func split(
        _ cells: [[Double]], _ rows: [Int], _ generator: inout SplitMix
    ) -> (feature: Int, threshold: Double)? {
        // After so many constant ones the node is as good as pure; a table of 50,000 columns is not searched.
        for _ in 0..<min(64, 4 * cells.count) {
            let feature = Int.random(in: 0..<cells.count, using: &generator)
            var low = Double.infinity
            var high = -Double.infinity
            for row in rows {
                let number = cell(cells, feature, row)
                low = min(low, number)
                high = max(high, number)
            }
            guard low < high, (high - low).isFinite else { continue }
            let threshold = low + (high - low) * Double.random(in: 0..<1, using: &generator)
            return (feature, min(threshold, high.nextDown))
        }
        return nil
    }

    private func cell(_ cells: [[Double]], _ feature: Int, _ row: Int) -> Double {
        let number = cells[feature][row]
        return number.isNaN ? medians[feature] : number
    }

    /// c(n): the average path of an unsuccessful search in a binary tree of n rows.
    private static func averagePath(_ rows: Int) -> Double {
        if rows <= 1 { return 0 }
        if rows == 2 { return 1 }
        let last = Double(rows - 1)
        return 2 * (log(last) + 0.577_215_664_901_532_9) - 2 * last / Double(rows)
    }
}
