import Foundation

/// What the target says of the rows: a class or a number for each, or nothing.
struct ProfiledTarget {
    /// Classes beyond these count as one.
    static let maximumClasses = 50
    /// A target of whole numbers with at most this many different ones is taken for classes.
    static let maximumWholeClasses = 10

    let name: String
    /// The class of every row, −1 where the target is missing: of a regression, bins of about equally many rows.
    let classes: [Int32]
    let classCount: Int
    let classNames: [String]
    let classCounts: [Int]
    /// Of a regression: the standardised number of every row, NaN where there is none.
    let numbers: [Double]?
    /// Of two classes: the one that counts as positive.
    let positive: Int?
    /// Classes that the table has, even those pooled.
    let distinct: Int

    var isRegression: Bool { numbers != nil }
    var labelled: Int { classCounts.reduce(0, +) }

    init(_ view: ColumnView) {
        name = view.name
        distinct = view.distinct
        switch view.cells {
        case .codes(let codes, let names):
            let kept = CategoryProfile.ranked(names, view.counts, limit: Self.maximumClasses)
            var place = [Int32](repeating: Int32(kept.count), count: names.count)
            for (index, code) in kept.enumerated() { place[code] = Int32(index) }
            let isPooled = view.distinct > kept.count
            classes = codes.map { $0 < 0 ? -1 : place[Int($0)] }
            classNames = kept.map { names[$0] } + (isPooled ? ["(all others)"] : [])
            numbers = nil
        case .numbers(let values):
            let profile = view.numeric
            let isClasses =
                (profile?.isWhole ?? true) && view.distinct <= Self.maximumWholeClasses || view.distinct <= 2
            let cuts = BinnedColumn.cuts(
                view.sorted, distinct: view.distinct, limit: isClasses ? Self.maximumWholeClasses : 16)
            classes = cuts.withUnsafeBufferPointer { cuts in
                values.map { $0.isFinite ? Int32(BinnedColumn.place($0, in: cuts)) : -1 }
            }
            let last = profile.map { [$0.maximum] } ?? []
            classNames = (cuts + last).map { isClasses ? NumberText.text(of: $0) : "up to \(NumberText.text(of: $0))" }
            if !isClasses, let mean = profile?.mean, let deviation = profile?.standardDeviation, deviation > 0 {
                numbers = values.map { $0.isFinite ? ($0 - mean) / deviation : .nan }
            } else {
                numbers = isClasses ? nil : values.map { _ in .nan }
            }
        }
        classCount = classNames.count
        var counts = [Int](repeating: 0, count: classNames.count)
        for code in classes where code >= 0 { counts[Int(code)] &+= 1 }
        classCounts = counts
        positive = numbers == nil && classNames.count == 2 ? Self.positive(classNames) : nil
    }

    /// `1`, `true` or `yes`, else the last by name.
    private static func positive(_ names: [String]) -> Int {
        if let usual = names.firstIndex(where: { ["1", "true", "yes"].contains($0.lowercased()) }) { return usual }
        return names[0] > names[1] ? 0 : 1
    }
}
