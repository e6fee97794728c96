/// A column that may know the outcome, and why it is suspected.
public struct LeakageSuspect: Sendable, Equatable {
    public enum Reason: Sendable, Equatable {
        /// The column by itself predicts rows that it was not counted on almost perfectly.
        case nearPerfect(power: Double, auc: Double?)
        /// A name of its own for (nearly) every row: it can only be learned by heart. A counter rises with every row.
        case identifier(isCounter: Bool)
        /// Missing in exactly the rows in which the target is missing.
        case missingWithTarget(rows: Int)
        /// All rows of a class hold one cell (`nil`: none has a value), which at most half of the others hold.
        case constantWithinClass(label: String, value: String?, rows: Int, shareElsewhere: Double)
        /// As the case before, of all rows outside a class.
        case constantOutsideClass(label: String, value: String?, rows: Int, shareWithin: Double)
    }

    public var column: String
    public var reasons: [Reason]
}

/// Looks for columns that know the outcome.
struct LeakageDetector {
    /// Of the log loss or the variance. A column that takes more of it away by itself is seldom known beforehand.
    static let nearPerfectLoss = 0.8
    static let nearPerfectVariance = 0.9
    /// Rows of a class that say something about all of it.
    private static let smallestClass = 20
    private static let largestShareElsewhere = 0.5

    private let target: ProfiledTarget?
    /// Rows in which some column beside the target has a value: a blank row says nothing about any of them.
    private let isBlank: [Bool]
    private let groups: [Group]

    /// Rows of one class, or all of the others.
    private struct Group {
        var label: String
        var isOutside: Bool
        /// Its first row, whose cell all others are compared with.
        var first: Int
    }

    init(_ target: ProfiledTarget?, views: [ColumnView]) {
        self.target = target
        guard let target else {
            (isBlank, groups) = ([], [])
            return
        }
        let features = views.filter { $0.name != target.name }
        let hasUnlabelled = target.labelled < target.classes.count
        isBlank =
            hasUnlabelled
            ? target.classes.indices.map { row in
                target.classes[row] < 0 && features.allSatisfy { $0.isMissing(row) }
            } : []
        guard !target.isRegression, target.classCounts.count(where: { $0 > 0 }) > 1 else {
            groups = []
            return
        }
        var groups: [Group] = []
        for (code, name) in target.classNames.enumerated() where target.classCounts[code] > 0 {
            if let first = target.classes.firstIndex(of: Int32(code)) {
                groups.append(Group(label: name, isOutside: false, first: first))
            }
            // Of two classes the others are the other one.
            guard target.classCount > 2 else { continue }
            if let first = target.classes.firstIndex(where: { $0 >= 0 && $0 != Int32(code) }) {
                groups.append(Group(label: name, isOutside: true, first: first))
            }
        }
        self.groups = groups
    }

    func reasons(_ view: ColumnView, _ relation: TargetRelation?) -> [LeakageSuspect.Reason] {
        var reasons: [LeakageSuspect.Reason] = []
        if view.type == .identifier {
            reasons.append(.identifier(isCounter: isCounter(view)))
        }
        guard let target, view.name != target.name else { return reasons }
        let limit = target.isRegression ? Self.nearPerfectVariance : Self.nearPerfectLoss
        if let relation, let power = relation.predictivePower, power >= limit {
            reasons.append(.nearPerfect(power: power, auc: relation.auc))
        }
        if let rows = missingWithTarget(view, target) { reasons.append(.missingWithTarget(rows: rows)) }
        if view.distinct > 1 || view.missing > 0, let reason = constant(view, target) { reasons.append(reason) }
        return reasons
    }

    private func isCounter(_ view: ColumnView) -> Bool {
        guard case .numbers(let numbers) = view.cells, view.present == view.rows else { return false }
        return zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// Rows without a target, if the column is missing in exactly these and they are more than a handful.
    private func missingWithTarget(_ view: ColumnView, _ target: ProfiledTarget) -> Int? {
        guard target.labelled < target.classes.count, target.labelled > 4, view.present > 0 else { return nil }
        var rows = 0
        for row in target.classes.indices where !isBlank[row] {
            guard view.isMissing(row) == (target.classes[row] < 0) else { return nil }
            if target.classes[row] < 0 { rows += 1 }
        }
        return rows >= 5 ? rows : nil
    }

    private func constant(_ view: ColumnView, _ target: ProfiledTarget) -> LeakageSuspect.Reason? {
        var best: (reason: LeakageSuspect.Reason, share: Double)?
        for group in groups {
            guard let found = constant(view, target, group), found.share < best?.share ?? 1 else { continue }
            let value = view.isMissing(group.first) ? nil : view.text(group.first)
            best = (
                group.isOutside
                    ? .constantOutsideClass(
                        label: group.label, value: value, rows: found.rows, shareWithin: found.share)
                    : .constantWithinClass(
                        label: group.label, value: value, rows: found.rows, shareElsewhere: found.share),
                found.share
            )
        }
        return best?.reason
    }

    /// The group's size and how many of the other rows hold its one cell; `nil` where it holds more than one, where it
    /// is small, or where the others hold it too.
    private func constant(
        _ view: ColumnView, _ target: ProfiledTarget, _ group: Group
    ) -> (rows: Int, share: Double)? {
        let own = target.classes[group.first]
        let excluded = group.isOutside ? target.classNames.firstIndex(of: group.label).map(Int32.init) : nil
        var (inside, outside, same) = (0, 0, 0)
        for row in target.classes.indices {
            let code = target.classes[row]
            guard code >= 0 else { continue }
            let isInside = excluded.map { code != $0 } ?? (code == own)
            let isSame = view.isEqual(row, group.first)
            if isInside {
                guard isSame else { return nil }
                inside += 1
            } else {
                outside += 1
                if isSame { same += 1 }
            }
        }
        guard inside >= Self.smallestClass, outside >= Self.smallestClass else { return nil }
        let share = Double(same) / Double(outside)
        return share <= Self.largestShareElsewhere ? (inside, share) : nil
    }
}
