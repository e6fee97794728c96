import Foundation

/// How much one column by itself says of the target.
public struct TargetRelation: Sendable, Equatable {
    /// Rows with a target.
    public var count: Int
    /// Of the cells of `BinnedColumn` and the target's classes (a number's bins), in nats, as counted:
    /// Σ p(x, y)·ln(p(x, y)/(p(x)·p(y))). Missing is a cell of its own.
    public var mutualInformation: Double?
    /// The same less what chance gives, (cells − 1)(classes − 1)/2n (Miller 1955), over the target's entropy: the share of
    /// the target that the column knows, 0…1.
    public var informationShare: Double?
    /// What the column predicts of rows it was not counted on: two folds, each cell predicting its shares (its mean) in
    /// the other one. The share of the log loss that goes (R² of a regression), 0…1; an identifier has none.
    public var predictivePower: Double?
    /// Of two classes: the area under the ROC curve of those predictions.
    public var auc: Double?
}

/// Counts one binned column against the target, in two folds that a hash of the row's place makes.
struct TargetCounter {
    private let target: ProfiledTarget
    /// fold · classes + class; −1 without a target.
    private let cellOfRow: [Int32]
    private let entropy: Double

    init(_ target: ProfiledTarget) {
        self.target = target
        let classes = Int32(target.classCount)
        cellOfRow = target.classes.enumerated().map { row, code in
            code < 0 ? -1 : RowHash.mixed(UInt64(row)) & 1 == 0 ? code : classes + code
        }
        let total = Double(target.labelled)
        entropy = target.classCounts.reduce(0) { sum, count in
            count == 0 ? sum : sum - Double(count) / total * log(Double(count) / total)
        }
    }

    func relation(_ column: BinnedColumn) -> TargetRelation {
        var relation = TargetRelation(count: target.labelled)
        guard target.labelled > 1, entropy > 0 else { return relation }
        let width = 2 * target.classCount
        var joint = [Int32](repeating: 0, count: column.count * width)
        for (bin, cell) in zip(column.bins, cellOfRow) where cell >= 0 {
            joint[Int(bin) &* width &+ Int(cell)] &+= 1
        }
        let (information, cells) = mutualInformation(joint)
        relation.mutualInformation = information
        let chance = Double((cells - 1) * (target.classCounts.count { $0 > 0 } - 1)) / (2 * Double(target.labelled))
        relation.informationShare = min(1, max(0, (information - chance) / entropy))
        if let numbers = target.numbers {
            relation.predictivePower = explainedVariance(column, numbers)
        } else {
            relation.predictivePower = explainedLoss(joint)
            relation.auc = target.positive.flatMap { area(joint, positive: $0) }
        }
        return relation
    }

    private func mutualInformation(_ joint: [Int32]) -> (information: Double, cells: Int) {
        let classes = target.classCount
        let total = Double(target.labelled)
        var information = 0.0
        var cells = 0
        for start in stride(from: 0, to: joint.count, by: 2 * classes) {
            let counts = (0..<classes).map { Double(joint[start + $0]) + Double(joint[start + classes + $0]) }
            let row = counts.reduce(0, +)
            guard row > 0 else { continue }
            cells += 1
            for (count, all) in zip(counts, target.classCounts) where count > 0 {
                information += count / total * log(count * total / (row * Double(all)))
            }
        }
        return (max(0, information), cells)
    }

    /// Each fold's log loss by the other's shares; a cell that the other has not seen predicts the shares of all.
    private func explainedLoss(_ joint: [Int32]) -> Double? {
        let classes = target.classCount
        let priors = (0..<2).map { self.priors(joint, fold: $0) }
        var (loss, base) = (0.0, 0.0)
        for start in stride(from: 0, to: joint.count, by: 2 * classes) {
            for fold in 0..<2 {
                let (own, other) = (start + fold * classes, start + (1 - fold) * classes)
                let seen = (0..<classes).reduce(0.0) { $0 + Double(joint[other + $1]) }
                for code in 0..<classes where joint[own + code] > 0 {
                    let prior = priors[1 - fold][code]
                    let count = Double(joint[own + code])
                    loss -= count * log((Double(joint[other + code]) + prior) / (seen + 1))
                    base -= count * log(prior)
                }
            }
        }
        return base > 0 ? min(1, max(0, 1 - loss / base)) : nil
    }

    /// Shares of the classes in a fold, with half a row of each, so that none is impossible.
    private func priors(_ joint: [Int32], fold: Int) -> [Double] {
        let classes = target.classCount
        var counts = [Double](repeating: 0.5, count: classes)
        for start in stride(from: fold * classes, to: joint.count, by: 2 * classes) {
            for code in 0..<classes { counts[code] += Double(joint[start + code]) }
        }
        let total = counts.reduce(0, +)
        return counts.map { $0 / total }
    }

    /// The mean of both folds' areas.
    private func area(_ joint: [Int32], positive: Int) -> Double? {
        let areas = (0..<2).compactMap { fold -> Double? in
            let prior = priors(joint, fold: 1 - fold)[positive]
            let cells = stride(from: 0, to: joint.count, by: 4).compactMap {
                start -> (score: Double, positive: Double, negative: Double)? in
                let (own, other) = (start + 2 * fold, start + 2 * (1 - fold))
                let (hits, misses) = (Double(joint[own + positive]), Double(joint[own + 1 - positive]))
                guard hits + misses > 0 else { return nil }
                let seen = Double(joint[other]) + Double(joint[other + 1])
                return ((Double(joint[other + positive]) + prior) / (seen + 1), hits, misses)
            }
            return Self.area(cells)
        }
        return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
    }

    private static func area(_ cells: [(score: Double, positive: Double, negative: Double)]) -> Double? {
        var (positives, negatives, won) = (0.0, 0.0, 0.0)
        var previous = -Double.infinity
        var tied = (positive: 0.0, negative: 0.0)
        for cell in cells.sorted(by: { $0.score < $1.score }) {
            if cell.score != previous { tied = (0, 0) }
            // Negatives below count whole, tied ones half.
            won += cell.positive * (negatives - tied.negative) + cell.positive * tied.negative / 2
            won += tied.positive * cell.negative / 2 + cell.positive * cell.negative / 2
            positives += cell.positive
            negatives += cell.negative
            tied = (tied.positive + cell.positive, tied.negative + cell.negative)
            previous = cell.score
        }
        return positives > 0 && negatives > 0 ? won / (positives * negatives) : nil
    }

    private func explainedVariance(_ column: BinnedColumn, _ numbers: [Double]) -> Double? {
        var sums = [(count: Double, sum: Double, squares: Double)](repeating: (0, 0, 0), count: 2 * column.count)
        let classes = Int32(target.classCount)
        for row in column.bins.indices {
            let number = numbers[row]
            guard number.isFinite else { continue }
            let cell = 2 * Int(column.bins[row]) + (cellOfRow[row] >= classes ? 1 : 0)
            sums[cell].count += 1
            sums[cell].sum += number
            sums[cell].squares += number * number
        }
        let folds = (0..<2).map { fold in
            stride(from: fold, to: sums.count, by: 2).reduce((0.0, 0.0)) {
                ($0.0 + sums[$1].count, $0.1 + sums[$1].sum)
            }
        }
        guard folds[0].0 > 0, folds[1].0 > 0 else { return nil }
        var (rest, base) = (0.0, 0.0)
        for cell in sums.indices where sums[cell].count > 0 {
            let own = sums[cell]
            let other = sums[cell ^ 1]
            let mean = folds[1 - cell % 2].1 / folds[1 - cell % 2].0
            // One row of the mean of all, so that a cell of few rows does not run away.
            let predicted = (other.sum + mean) / (other.count + 1)
            rest += own.squares - 2 * predicted * own.sum + own.count * predicted * predicted
            base += own.squares - 2 * mean * own.sum + own.count * mean * mean
        }
        return base > 0 ? min(1, max(0, 1 - rest / base)) : nil
    }
}
