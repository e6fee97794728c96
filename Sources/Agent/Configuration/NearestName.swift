/// Finds the name that was probably meant.
enum NearestName {
    /// The nearest of the names, if it is near enough to be a slip: `boostrap-servers` → `bootstrap_servers`,
    /// or if it is the only one that begins like this: `warn` → `warning`.
    static func nearest(to text: String, in names: [String]) -> String? {
        let wanted = normalised(text)
        let abbreviated = names.filter { normalised($0).starts(with: wanted) }
        if wanted.count >= 3, abbreviated.count == 1 { return abbreviated.first }
        let ranked = names.map { (name: $0, distance: distance(wanted, normalised($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        // One letter for another, and nothing else, has nothing in common.
        let isNear = best.distance <= max(1, min(wanted.count, best.name.count) / 3) && best.distance < wanted.count
        return isNear ? best.name : nil
    }

    /// `maxLabelDelay`, `max-label-delay` and `max_label_delay` are one name.
    private static func normalised(_ text: String) -> [Character] {
        text.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }.map { $0 }
    }

    /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, one each.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let isSame = left[row - 1] == right[column - 1]
                var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current[column] = best
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
