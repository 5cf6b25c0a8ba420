// Trained models small enough to stand in a test.
#pragma once

#include <string>

namespace octet::test {

// One split: -1.5 up to x0 = 0.1, else 2.5; what is missing goes right.
inline const std::string lightgbm_stump =
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=1\n"
    "objective=regression\nfeature_names=first second\nfeature_infos=[0:1] [0:1]\n"
    "tree_sizes=300\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nsplit_gain=1\n"
    "threshold=0.10000000000000001\ndecision_type=8\nleft_child=-1\nright_child=-2\n"
    "leaf_value=-1.5 2.5\nleaf_weight=1 1\nleaf_count=1 1\ninternal_value=0\ninternal_weight=2\n"
    "internal_count=2\nis_linear=0\nshrinkage=1\n\n\nend of "
    "trees\n\nfeature_importances:\nfirst=1\n";

// scikit-learn's LinearRegression(coef_=[2, -1], intercept_=0.5), as pickle protocol 0.
inline const std::string pickled_regression =
    "ccopy_reg\n_reconstructor\n(csklearn.linear_model._base\nLinearRegression\n"
    "c__builtin__\nobject\nNtR(dVcoef_\n(lF2.0\naF-1.0\nasVintercept_\nF0.5\nsVn_features_in_\nI2\n"
    "sV_sklearn_version\nV1.4.2\nsb.";

// The same with something in it that Python would run.
inline const std::string pickled_attack =
    "ccopy_reg\n_reconstructor\n(csklearn.linear_model._base\nLinearRegression\n"
    "c__builtin__\nobject\nNtR(dVcoef_\n(lF2.0\naF-1.0\nasVintercept_\nF0.5\nsVn_features_in_\nI2\n"
    "sVextra\ncposix\nsystem\n(Vtouch PWNED\ntRsb.";

}  // namespace octet::test
