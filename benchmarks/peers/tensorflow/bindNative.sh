#!/bin/sh
# TensorFlow.js's native backend where its install script cannot reach storage.googleapis.com: the C library comes out of
# TensorFlow's wheel on PyPI in its place, and the binding is compiled. For Linux on x86-64; needs Python's pip, g++, and Node's
# headers (NODE_HEADERS, default /usr/include/node).
#
#     npm ci --ignore-scripts && sh bindNative.sh
set -eu
cd "$(dirname "$0")"
package=node_modules/@tensorflow/tfjs-node
tensorflow=2.15.1
mkdir -p "$package/deps" "$package/lib/napi-v8"
"${PYTHON:-python3}" -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.11 --platform manylinux2014_x86_64 \
  --dest "$package/deps" "tensorflow-cpu==$tensorflow"
"${PYTHON:-python3}" - "$package/deps" <<'PYTHON'
import pathlib, sys, zipfile
deps = pathlib.Path(sys.argv[1])
wheel = next(deps.glob("tensorflow_cpu-*.whl"))
wanted = ("tensorflow/libtensorflow", "tensorflow/include/tensorflow/c/", "tensorflow/include/tsl/c/",
          "tensorflow/include/tensorflow/core/platform/", "tensorflow/include/tsl/platform/")
with zipfile.ZipFile(wheel) as members:
    members.extractall(deps, [name for name in members.namelist() if name.startswith(wanted)])
wheel.unlink()
PYTHON
cd "$package"
libraries="$PWD/deps/tensorflow"
g++ -O2 -fPIC -shared -std=c++17 -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION \
  -I"${NODE_HEADERS:-/usr/include/node}" -I. -I.. -I"$libraries/include" binding/tfjs_backend.cc binding/tfjs_binding.cc \
  -o lib/napi-v8/tfjs_binding.node -L"$libraries" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,"$libraries"
echo "tfjs-node is bound to TensorFlow $tensorflow in $libraries"
